package dev.berth.history;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works with a {@link Journal} on one thread of its own, in the order of the calls. Futures complete on the outbox's context. */
final class AsyncJournal {
    private static final Logger log = LoggerFactory.getLogger(AsyncJournal.class);

    private final Context context;
    private final Journal journal;
    private final WorkerExecutor disk;

    AsyncJournal(Vertx vertx, Context context, Journal journal) {
        this.context = context;
        this.journal = journal;
        this.disk = vertx.createSharedWorkerExecutor("berth-journal", 1);
    }

    /** See {@link Journal#open}. */
    Future<Long> open() {
        return onDisk(() -> {
            long latest = journal.open();
            if (journal.size() > 0) {
                log.info("writing {} facts to Postgres that an earlier process left", journal.size());
            }
            return latest;
        });
    }

    Future<Void> append(long number, Fact fact) {
        return onDisk(() -> {
            journal.append(number, fact);
            return null;
        });
    }

    Future<List<Journal.Entry>> oldest(int maxFacts, long maxBytes) {
        return onDisk(() -> journal.oldest(maxFacts, maxBytes));
    }

    Future<Void> removeThrough(long number) {
        return onDisk(() -> {
            journal.removeThrough(number);
            return null;
        });
    }

    /** Writes to the disk that are in progress finish first. */
    Future<Void> close() {
        return onDisk(() -> null).transform(written -> disk.close());
    }

    /** After the close, this fails instead of throwing. */
    private <T> Future<T> onDisk(Callable<T> work) {
        Promise<T> done = ((ContextInternal) context).promise();
        Future.succeededFuture()
                .compose(now -> disk.executeBlocking(work, true))
                .onComplete(done);
        return done.future();
    }
}

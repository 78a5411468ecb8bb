package dev.berth.history;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends facts to Postgres with a timeout, and logs its outages. On the outbox's context. */
final class FactSender {
    private static final Logger log = LoggerFactory.getLogger(FactSender.class);
    /** Timeout for a batch: no client waits for it. */
    private static final long BATCH_MILLIS = 10_000;

    private final Context context;
    private final Function<List<Fact>, Future<Void>> writer;
    private final OutageLog outage = new OutageLog("Postgres");

    FactSender(Context context, Function<List<Fact>, Future<Void>> writer) {
        this.context = context;
        this.writer = writer;
    }

    /** Sends all of the facts or none. */
    Future<Void> send(List<Fact> facts, long millis) {
        // The writer may complete on another thread.
        Promise<Void> answered = ((ContextInternal) context).promise();
        Future.succeededFuture().compose(now -> writer.apply(facts)).onComplete(answered);
        return answered.future()
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onSuccess(done -> outage.answered())
                .onFailure(this::failed);
    }

    private void failed(Throwable e) {
        if (!FactWriter.isRefusal(e)) {
            outage.failed(e);
        }
    }

    /**
     * A fact that Postgres refuses is lost, because it would be refused later too. It neither blocks the others nor
     * fails them.
     */
    Future<Void> sendAll(List<Fact> facts) {
        if (facts.isEmpty()) {
            return Future.succeededFuture();
        }
        return send(facts, BATCH_MILLIS)
                .recover(e -> FactWriter.isRefusal(e) ? sendHalves(facts, e) : Future.failedFuture(e));
    }

    private Future<Void> sendHalves(List<Fact> facts, Throwable refusal) {
        int half = facts.size() / 2;
        if (half > 0) {
            return sendAll(facts.subList(0, half)).compose(first -> sendAll(facts.subList(half, facts.size())));
        }
        List<Fact> parts = facts.get(0).halves();
        if (parts.isEmpty()) {
            String what = facts.get(0).getClass().getSimpleName();
            log.error("{}: a fact that waited is refused by Postgres, and is lost", what, refusal);
            return Future.succeededFuture();
        }
        return sendAll(List.of(parts.get(0))).compose(first -> sendAll(List.of(parts.get(1))));
    }
}

package dev.berth.retention;

import dev.berth.artifact.ObjectStore;
import dev.berth.history.retention.Garbage;
import dev.berth.history.retention.Garbage.Due;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Deletes garbage from the object store, a few objects at a time. Objects that can't be deleted stay garbage, and are tried again minutes
 * later. Thread-safe.
 */
final class Disposal {
    /** Limit for simultaneous deletions: others use the object store, too. */
    private static final int AT_ONCE = 4;

    private static final int BATCH = 200;

    private final Garbage garbage;
    private final ObjectStore store;

    Disposal(Garbage garbage, ObjectStore store) {
        this.garbage = garbage;
        this.store = store;
    }

    /** Deletes all that is due. Gives how many objects it tried. */
    Future<Integer> run() {
        Promise<Integer> done = Promise.promise();
        run(0, done);
        return done.future();
    }

    private void run(int before, Promise<Integer> done) {
        garbage.claim(BATCH)
                .compose(due -> delete(due).map(due.size()))
                .onFailure(done::fail)
                .onSuccess(tried -> {
                    if (tried == BATCH) {
                        run(before + tried, done);
                    } else {
                        done.complete(before + tried);
                    }
                });
    }

    /** Deletes these now. */
    Future<Void> delete(List<Due> due) {
        Iterator<Due> rest = due.iterator();
        return Future.join(Stream.generate(() -> {
                            Promise<Void> done = Promise.promise();
                            deleteNext(rest, done);
                            return done.future();
                        })
                        .limit(AT_ONCE)
                        .toList())
                .mapEmpty();
    }

    private void deleteNext(Iterator<Due> rest, Promise<Void> done) {
        if (rest.hasNext()) {
            delete(rest.next()).onComplete(tried -> deleteNext(rest, done));
        } else {
            done.complete();
        }
    }

    private Future<Void> delete(Due due) {
        return (due.wanted() ? Future.<Void>succeededFuture() : store.remove(due.objectKey()))
                .compose(deleted -> garbage.forget(due));
    }
}

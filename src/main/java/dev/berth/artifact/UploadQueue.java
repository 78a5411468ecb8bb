package dev.berth.artifact;

import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads spooled objects to the object store, several at a time. An upload that fails is tried again, after a rest in which others take
 * its place, until it succeeds; then the object leaves the spool. Thread-safe.
 */
final class UploadQueue {
    private static final Logger log = LoggerFactory.getLogger(UploadQueue.class);
    private static final String SHUTTING_DOWN = "the server is shutting down";
    static final int PARALLEL_UPLOADS = 4;
    static final long RETRY_MILLIS = 5_000;
    /** A hundred retries a second at the most, however many uploads fail while the store is down. */
    private static final long MILLIS_A_RETRY = 10;

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final Spool spool;
    private final Bucket bucket;

    /** The size may be read by any thread; all else is guarded by this. */
    private final Map<String, Upload> pending = new ConcurrentHashMap<>();

    private final Queue<String> waiting = new ArrayDeque<>();
    /** Keys whose latest try failed. */
    private final Set<String> failed = new HashSet<>();

    private int uploading;
    private boolean closed;

    /** The object store. */
    interface Bucket {
        Future<Void> upload(String key, Path file);

        /** Does nothing if the object does not exist. */
        Future<Void> remove(String key);
    }

    /**
     * An upload in progress.
     *
     * @param note runs when the object is stored; the spool keeps the object until that succeeds
     */
    private record Upload(Promise<Void> stored, Supplier<Future<Void>> note) {}

    UploadQueue(Vertx vertx, Scheduler scheduler, Spool spool, Bucket bucket) {
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.spool = spool;
        this.bucket = bucket;
    }

    /** @param note runs on the caller's context when the object is stored, again with each retry */
    synchronized Future<Void> upload(String key, Supplier<Future<Void>> note) {
        if (closed) {
            return Future.failedFuture(SHUTTING_DOWN);
        }
        Context caller = vertx.getOrCreateContext();
        Promise<Void> stored = LoopPromise.on(caller);
        pending.put(key, new Upload(stored, () -> on(caller, note)));
        waiting.add(key);
        uploadNext();
        return stored.future();
    }

    /** How many objects are not in the object store yet. */
    int backlog() {
        return pending.size();
    }

    /** Deletes an object, wherever it is. */
    Future<Void> remove(String key) {
        // Promises are completed without the lock: a continuation may run here.
        forget(key).ifPresent(upload -> upload.stored.tryFail("it was removed"));
        return spool.remove(key)
                // A failure of work in eventually would go unnoticed.
                .transform(removed -> bucket.remove(key)
                        .compose(done -> removed.succeeded()
                                ? Future.succeededFuture()
                                : Future.<Void>failedFuture(removed.cause())))
                .onFailure(e -> log.warn("{} could not be removed: {}", key, e.toString()));
    }

    private synchronized Optional<Upload> forget(String key) {
        waiting.remove(key);
        failed.remove(key);
        return Optional.ofNullable(pending.remove(key));
    }

    /** Stops uploading; the next process uploads what is still in the spool. */
    Future<Void> close() {
        stop().forEach(upload -> upload.stored.tryFail(SHUTTING_DOWN));
        return Future.succeededFuture();
    }

    private synchronized List<Upload> stop() {
        closed = true;
        waiting.clear();
        return List.copyOf(pending.values());
    }

    private static Future<Void> on(Context context, Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                ignored -> Future.succeededFuture().compose(now -> work.get()).onComplete(done));
        return done.future();
    }

    private void uploadNext() {
        while (!closed && uploading < PARALLEL_UPLOADS && !waiting.isEmpty()) {
            uploading++;
            tryUpload(waiting.remove());
        }
    }

    private void tryUpload(String key) {
        Supplier<Future<Void>> note = pending.get(key).note;
        bucket.upload(key, spool.file(key))
                .compose(done -> note.get())
                .compose(noted -> spool.remove(key))
                .onComplete(result -> tried(key, result));
    }

    private void tried(String key, AsyncResult<Void> result) {
        take(key, result).run();
    }

    /** Gives what is to be done then without the lock. */
    private synchronized Runnable take(String key, AsyncResult<Void> result) {
        uploading--;
        Runnable then = () -> {};
        if (!pending.containsKey(key)) {
            // The object was removed during its upload, and may be stored nevertheless.
            then = () -> remove(key);
        } else if (result.succeeded()) {
            then = arrived(key).stored::tryComplete;
        } else if (!closed) {
            retryLater(key, result.cause());
        }
        uploadNext();
        return then;
    }

    private Upload arrived(String key) {
        if (failed.remove(key) && failed.isEmpty()) {
            log.info("uploads to the object store succeed again");
        }
        return pending.remove(key);
    }

    private void retryLater(String key, Throwable cause) {
        if (failed.isEmpty()) {
            log.warn("upload of {} failed, will retry until it succeeds: {}", key, cause.toString());
        }
        failed.add(key);
        scheduler.after(Math.max(RETRY_MILLIS, failed.size() * MILLIS_A_RETRY), () -> tryAgain(key));
    }

    private synchronized void tryAgain(String key) {
        if (!closed && pending.containsKey(key)) {
            waiting.add(key);
            uploadNext();
        }
    }
}

package dev.berth.artifact;

import dev.berth.config.ServerConfig;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileProps;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores bytes under keys. An object is safe once it is in the spool on disk; from there it is uploaded to the object
 * store, with retries, even by the next process. Thread-safe; the bookkeeping runs on one context.
 */
public final class ArtifactStore implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(ArtifactStore.class);
    private static final String SHUTTING_DOWN = "the server is shutting down";
    private static final int PARALLEL_UPLOADS = 4;
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LAST_RETRY_MILLIS = 30_000;
    private static final long CHECK_TIMEOUT_MILLIS = 3_000;

    private final Vertx vertx;
    private final Context context;
    private final ObjectStoreClient client;
    private final Spool spool;
    private final int presignSeconds;
    private final boolean isPublic;
    private final Function<String, Future<Void>> onStored;

    // The following fields are accessed on the context only.
    private final Map<String, Upload> pending = new HashMap<>();
    private final Queue<String> waiting = new ArrayDeque<>();
    /** Keys to remove after one more try to upload them. */
    private final Map<String, Promise<Void>> unwanted = new HashMap<>();
    /** Keys that stay in the spool after their upload. */
    private final Set<String> held = new HashSet<>();

    private int uploading;
    private boolean failing;
    private boolean closed;

    /**
     * An upload in progress.
     *
     * @param note runs when the object is stored; the spool keeps the object until that succeeds
     */
    private record Upload(Promise<Void> stored, Supplier<Future<Void>> note) {}

    /** @param onStored records that a key is stored, for uploads without a {@code note} */
    public ArtifactStore(
            Vertx vertx,
            ServerConfig.ObjectStore config,
            URI endpoint,
            Path spoolDir,
            Function<String, Future<Void>> onStored) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = new ObjectStoreClient(vertx, config, endpoint);
        this.spool = new Spool(vertx, spoolDir);
        this.presignSeconds = config.presignSeconds();
        this.isPublic = config.publicEndpoint().isPresent();
        this.onStored = onStored;
    }

    /** Creates the bucket if needed, for servers that are started later. */
    public static Future<Void> makeBucket(Vertx vertx, ServerConfig.ObjectStore config, URI endpoint) {
        ObjectStoreClient client = new ObjectStoreClient(vertx, config, endpoint);
        return client.ensureBucket().onComplete(made -> client.close());
    }

    /**
     * Creates the bucket if needed, and uploads what an earlier process left in the spool.
     *
     * @param wanted gives those of the keys that are referred to; the others are deleted
     */
    public Future<Void> start(Function<List<String>, Future<Set<String>>> wanted) {
        return client.ensureBucket()
                .compose(done -> spool.keys())
                .compose(keys -> wanted.apply(keys).compose(known -> {
                    known.forEach(this::upload);
                    return Future.join(keys.stream()
                                    .filter(key -> !known.contains(key))
                                    .map(spool::remove)
                                    .toList())
                            .mapEmpty();
                }));
    }

    /** Completes when the bytes are safe on disk. Record the key, then {@link #upload} it. */
    @Override
    public Future<Void> spool(String key, Buffer bytes) {
        return spool.write(key, bytes);
    }

    /** Like {@link #spool}, with a copy of a file, which must not be a symbolic link. */
    @Override
    public Future<Void> spoolFile(String key, Path file) {
        return spool.copy(key, file);
    }

    /** The size of a file in bytes. */
    @Override
    public Future<Long> size(Path file) {
        return vertx.fileSystem().lprops(file.toString()).map(FileProps::size);
    }

    /** Uploads a spooled object; completes when the object store has it, however long that takes. */
    @Override
    public Future<Void> upload(String key) {
        return upload(key, () -> onStored.apply(key));
    }

    /**
     * Like {@link #upload(String)}, with a note.
     *
     * @param note runs on the caller's context when the object store has the object, again if it fails; only then does
     *     the object leave the spool
     */
    @Override
    public Future<Void> upload(String key, Supplier<Future<Void>> note) {
        // Runs the note on the caller's context, not on that of the bookkeeping.
        Context caller = vertx.getOrCreateContext();
        Promise<Void> stored = ((ContextInternal) caller).promise();
        context.runOnContext(ignored -> {
            if (closed) {
                stored.fail(SHUTTING_DOWN);
            } else {
                enqueue(key, new Upload(stored, () -> on(caller, note)));
            }
        });
        return stored.future();
    }

    /** Keeps an object in the spool even after its upload, until it is {@link #release}d. */
    @Override
    public void hold(String key) {
        context.runOnContext(ignored -> held.add(key));
    }

    /** Lets an object leave the spool once it is uploaded. If it is uploaded already, completes when it has left. */
    @Override
    public Future<Void> release(String key) {
        Promise<Void> released = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            boolean stored = held.remove(key) && !pending.containsKey(key);
            (stored ? spool.remove(key) : Future.<Void>succeededFuture()).onComplete(released);
        });
        return released.future();
    }

    /** Deletes an object, wherever it is. */
    @Override
    public Future<Void> remove(String key) {
        Promise<Void> removed = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            if (closed) {
                removed.fail(SHUTTING_DOWN);
            } else if (pending.containsKey(key) && !waiting.remove(key)) {
                unwanted.put(key, removed);
            } else {
                drop(key, removed);
            }
        });
        return removed.future();
    }

    private void drop(String key, Promise<Void> removed) {
        held.remove(key);
        Upload upload = pending.remove(key);
        if (upload != null) {
            upload.stored.tryFail("it was removed");
        }
        spool.remove(key).eventually(() -> client.remove(key)).onComplete(removed);
    }

    /** The bytes, from the spool or the object store. */
    @Override
    public Future<Buffer> get(String key) {
        String file = spool.file(key).toString();
        return vertx.fileSystem()
                .exists(file)
                .compose(spooled -> spooled
                        // It may leave the spool between the check and the read.
                        ? vertx.fileSystem().readFile(file).recover(e -> client.get(key))
                        : client.get(key));
    }

    /** {@code length} bytes from {@code offset} on, from the spool or the object store. */
    public Future<Buffer> get(String key, long offset, int length) {
        return spool.read(key, offset, length)
                .compose(part -> part.map(Future::succeededFuture).orElseGet(() -> client.get(key, offset, length)));
    }

    /** Whether clients reach the object store themselves, by presigned links. */
    public boolean isPublic() {
        return isPublic;
    }

    /** A URL with which anyone can read {@code key} until it expires. */
    public PresignedUrl presign(String key) {
        return new PresignedUrl(
                client.presign(key, presignSeconds), Instant.now().plusSeconds(presignSeconds));
    }

    /** Fails if the spool's disk can't be written, which everything that sessions keep needs. */
    public Future<Void> checkSpool() {
        return spool.check();
    }

    /** Fails if the object store does not answer. */
    public Future<Void> check() {
        return client.check().timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops uploading; the next process uploads what is still in the spool. */
    public Future<Void> close() {
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            closed = true;
            waiting.clear();
            pending.values().forEach(upload -> upload.stored.tryFail(SHUTTING_DOWN));
            unwanted.values().forEach(removed -> removed.tryFail(SHUTTING_DOWN));
            unwanted.clear();
            client.close();
            done.complete();
        });
        return done.future();
    }

    private static Future<Void> on(Context context, Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                ignored -> Future.succeededFuture().compose(now -> work.get()).onComplete(done));
        return done.future();
    }

    private void enqueue(String key, Upload upload) {
        pending.put(key, upload);
        waiting.add(key);
        uploadNext();
    }

    private void uploadNext() {
        while (!closed && uploading < PARALLEL_UPLOADS && !waiting.isEmpty()) {
            uploading++;
            tryUpload(waiting.remove(), FIRST_RETRY_MILLIS);
        }
    }

    private void tryUpload(String key, long retryMillis) {
        Supplier<Future<Void>> note = pending.get(key).note;
        client.upload(key, spool.file(key))
                .compose(done -> note.get())
                .onComplete(result -> context.runOnContext(ignored -> {
                    if (result.succeeded() && !held.contains(key)) {
                        spool.remove(key)
                                .onComplete(removed -> context.runOnContext(now -> tried(key, retryMillis, removed)));
                    } else {
                        tried(key, retryMillis, result);
                    }
                }));
    }

    private void tried(String key, long retryMillis, AsyncResult<Void> result) {
        if (unwanted.containsKey(key)) {
            uploading--;
            drop(key, unwanted.remove(key));
            uploadNext();
        } else if (result.succeeded()) {
            arrived(key);
        } else if (!closed) {
            retry(key, retryMillis, result.cause());
        }
    }

    private void arrived(String key) {
        if (failing) {
            failing = false;
            log.info("uploads to the object store succeed again");
        }
        uploading--;
        pending.remove(key).stored.tryComplete();
        uploadNext();
    }

    /** Keeps its place among the uploads in progress: while the store is down, others would fail too. */
    private void retry(String key, long retryMillis, Throwable cause) {
        if (!failing) {
            failing = true;
            log.warn("upload of {} failed, will retry until it succeeds: {}", key, cause.toString());
        }
        vertx.setTimer(
                retryMillis,
                ignored -> context.runOnContext(again -> tryUpload(key, Math.min(2 * retryMillis, LAST_RETRY_MILLIS))));
    }

    /**
     * A temporary link.
     *
     * @param expiresAt when it stops working
     */
    public record PresignedUrl(String url, Instant expiresAt) {}
}

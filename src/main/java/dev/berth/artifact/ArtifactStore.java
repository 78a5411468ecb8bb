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
 * Keeps bytes under keys. An object is safe once it is in the spool; from there it goes to the object store, retried until it
 * is there, also by the next process. Any thread may call; its bookkeeping lives on one context.
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

    // The following are touched on the context only.
    private final Map<String, Upload> pending = new HashMap<>();
    private final Queue<String> waiting = new ArrayDeque<>();
    /** To be removed when it has been tried to upload them once more. */
    private final Map<String, Promise<Void>> unwanted = new HashMap<>();
    /** They stay in the spool when the object store has them, too. */
    private final Set<String> held = new HashSet<>();

    private int uploading;
    private boolean failing;
    private boolean closed;

    /**
     * What is on its way.
     *
     * @param note is done when it has arrived; the spool keeps it until that succeeds
     */
    private record Upload(Promise<Void> stored, Supplier<Future<Void>> note) {}

    /** @param onStored notes that a key has arrived, where nothing else does */
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

    /** Makes the bucket where there is none, for servers that will be started. */
    public static Future<Void> makeBucket(Vertx vertx, ServerConfig.ObjectStore config, URI endpoint) {
        ObjectStoreClient client = new ObjectStoreClient(vertx, config, endpoint);
        return client.ensureBucket().onComplete(made -> client.close());
    }

    /**
     * Makes the bucket where there is none, and takes up what an earlier process left in the spool.
     *
     * @param wanted gives those keys of which somebody knows; the others were made for nothing
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

    /** Completes when the bytes are safe on disk. Note the key, then {@link #upload} it. */
    @Override
    public Future<Void> spool(String key, Buffer bytes) {
        return spool.write(key, bytes);
    }

    /** The same for a file, which is copied. Its last part must be no link. */
    @Override
    public Future<Void> spoolFile(String key, Path file) {
        return spool.copy(key, file);
    }

    /** How many bytes a file has. */
    @Override
    public Future<Long> size(Path file) {
        return vertx.fileSystem().lprops(file.toString()).map(FileProps::size);
    }

    /** Sends a spooled object on its way; completes when the object store has it, however long that takes. */
    @Override
    public Future<Void> upload(String key) {
        return upload(key, () -> onStored.apply(key));
    }

    /**
     * The same.
     *
     * @param note is done on the caller's context when the object store has it, again where it fails: the object leaves the spool only
     *     then
     */
    @Override
    public Future<Void> upload(String key, Supplier<Future<Void>> note) {
        // Told on the caller's context, not on the one of the bookkeeping.
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

    /** An object stays in the spool also when the object store has it, until it is {@link #release}d. */
    @Override
    public void hold(String key) {
        context.runOnContext(ignored -> held.add(key));
    }

    /** An object leaves the spool as soon as the object store has it. Completes when it has left where that was so. */
    @Override
    public Future<Void> release(String key) {
        Promise<Void> released = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            boolean stored = held.remove(key) && !pending.containsKey(key);
            (stored ? spool.remove(key) : Future.<Void>succeededFuture()).onComplete(released);
        });
        return released.future();
    }

    /** Nobody wants it any longer, wherever it is by now. */
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
                        // It may have left the spool between the look and the read.
                        ? vertx.fileSystem().readFile(file).recover(e -> client.get(key))
                        : client.get(key));
    }

    /** A part of the bytes, from the spool or the object store: {@code length} of them, from {@code offset} on. */
    public Future<Buffer> get(String key, long offset, int length) {
        return spool.read(key, offset, length)
                .compose(part -> part.map(Future::succeededFuture).orElseGet(() -> client.get(key, offset, length)));
    }

    /** Whether clients reach the object store itself, by links that it takes. */
    public boolean isPublic() {
        return isPublic;
    }

    /** A URL with which anybody can read {@code key} until it expires. */
    public PresignedUrl presign(String key) {
        return new PresignedUrl(
                client.presign(key, presignSeconds), Instant.now().plusSeconds(presignSeconds));
    }

    /** Fails where nothing can be written on disk, where all that sessions leave begins. */
    public Future<Void> checkSpool() {
        return spool.check();
    }

    /** Fails where the object store does not answer. */
    public Future<Void> check() {
        return client.check().timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops uploading; what is still in the spool is for the next process. */
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
            log.info("the object store takes uploads again");
        }
        uploading--;
        pending.remove(key).stored.tryComplete();
        uploadNext();
    }

    /** Keeps its place: while the store is down, the others would fail just the same. */
    private void retry(String key, long retryMillis, Throwable cause) {
        if (!failing) {
            failing = true;
            log.warn("upload of {} failed, retrying until it succeeds: {}", key, cause.toString());
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

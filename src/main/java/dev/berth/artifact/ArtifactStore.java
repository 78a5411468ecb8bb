package dev.berth.artifact;

import dev.berth.config.ObjectStoreConfig;
import dev.berth.loop.VertxScheduler;
import dev.berth.metrics.CallTimes;
import dev.berth.protocol.ShownJson.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileProps;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores bytes under keys. An object is safe once it is in the spool on disk; from there it is uploaded to the object
 * store, with retries, even by the next process. Thread-safe.
 */
public final class ArtifactStore implements ObjectStore {
    /** The longest download: its request ends then, whatever the object store does. */
    public static final long DOWNLOAD_SECONDS = 30;

    private static final long CHECK_TIMEOUT_MILLIS = 3_000;

    private final Vertx vertx;
    private final ObjectStoreClient client;
    private final Spool spool;
    private final UploadQueue uploads;
    private final int presignSeconds;
    private final boolean isPublic;
    private final Function<String, Future<Void>> onStored;

    /**
     * @param onStored records that a key is stored, for uploads without a {@code note}
     * @param calls counts the requests to the object store
     */
    public ArtifactStore(
            Vertx vertx,
            ObjectStoreConfig config,
            URI endpoint,
            Path spoolDir,
            Function<String, Future<Void>> onStored,
            CallTimes calls) {
        this.vertx = vertx;
        this.client = new ObjectStoreClient(vertx, config, endpoint, calls);
        this.spool = new Spool(vertx, spoolDir);
        this.uploads = new UploadQueue(vertx, VertxScheduler.lasting(vertx), spool, client);
        this.presignSeconds = config.presignSeconds();
        this.isPublic = config.publicEndpoint().isPresent();
        this.onStored = onStored;
    }

    /** Creates the bucket if needed, for servers that are started later. */
    public static Future<Void> makeBucket(Vertx vertx, ObjectStoreConfig config, URI endpoint) {
        ObjectStoreClient client = new ObjectStoreClient(vertx, config, endpoint, CallTimes.unseen());
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

    /** Like {@link #spool}, with a copy of a file. */
    @Override
    public Future<Void> spoolFile(String key, Path file, long bytes) {
        return spool.copy(key, file, bytes);
    }

    /** Like {@link #spool}, with a file of the server's own on the same disk, which is moved. */
    @Override
    public Future<Void> spoolMoved(String key, Path file) {
        return spool.move(key, file);
    }

    /** Where a file that becomes an object may be written, for {@link #spoolMoved} or to be removed. */
    public Path draft(String key) {
        return spool.draft(key);
    }

    /** Whether the spool has an object. */
    @Override
    public Future<Boolean> isSpooled(String key) {
        return vertx.fileSystem().exists(spool.file(key).toString());
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
        return uploads.upload(key, note);
    }

    /** Uploads bytes, which are not spooled, once. */
    @Override
    public Future<Void> put(String key, Buffer bytes) {
        return client.upload(key, bytes);
    }

    /** Uploads a file, which is not spooled, once; it must stay as it is meanwhile. */
    public Future<Void> put(String key, Path file) {
        return client.upload(key, file);
    }

    /**
     * Writes an object of the object store to a new file that only the server's user can read. Fails where that takes longer than {@link
     * #DOWNLOAD_SECONDS}.
     *
     * @param maxBytes fails with {@code upstream} where it has more: others can write to the object store, too
     */
    public Future<Void> download(String key, Path file, long maxBytes) {
        return client.download(key, file, maxBytes);
    }

    @Override
    public Future<Void> remove(String key) {
        return uploads.remove(key);
    }

    /** The bytes, from the spool or the object store. */
    @Override
    public Future<Buffer> get(String key) {
        String file = spool.file(key).toString();
        return vertx.fileSystem()
                .exists(file)
                .compose(spooled -> spooled
                        // The file may leave the spool between the check and the read.
                        ? vertx.fileSystem().readFile(file).recover(e -> client.get(key))
                        : client.get(key));
    }

    /** {@code length} bytes from {@code offset} on, from the spool or the object store. */
    @Override
    public Future<Buffer> get(String key, long offset, int length) {
        return spool.read(key, offset, length)
                .compose(part -> part.map(Future::succeededFuture).orElseGet(() -> client.get(key, offset, length)));
    }

    /** An object in the object store. */
    public record Listed(String key, long bytes, Instant storedAt) {}

    /** The objects whose keys begin with {@code prefix} and come after {@code after}, in their order, at most {@code limit}. */
    public Future<List<Listed>> list(String prefix, String after, int limit) {
        return client.list(prefix, after, limit);
    }

    /** How many objects wait in the spool for their upload. */
    public int backlog() {
        return uploads.backlog();
    }

    @Override
    public boolean isPublic() {
        return isPublic;
    }

    /** A URL with which anyone can read {@code key} until it expires. */
    public Link presign(String key) {
        return new Link(client.presign(key, presignSeconds), Instant.now().plusSeconds(presignSeconds));
    }

    /** Fails if the spool's disk can't be written, which everything that sessions keep needs. */
    public Future<Void> checkSpool() {
        return spool.check();
    }

    /** Fails if the object store does not answer, or takes no writes. */
    public Future<Void> check() {
        return client.check().timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops uploading; the next process uploads what is still in the spool. */
    public Future<Void> close() {
        return uploads.close().onComplete(stopped -> client.close());
    }
}

package dev.berth.artifact;

import dev.berth.config.ObjectStoreConfig;
import dev.berth.loop.LoopPromise;
import dev.berth.metrics.CallTimes;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.UploadObjectArgs;
import io.minio.http.Method;
import io.minio.messages.Item;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A client for one bucket of an S3 server. Futures complete on the caller's context. */
final class ObjectStoreClient implements UploadQueue.Bucket {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** Timeout for silence during an upload of any size. */
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Timeout for a short request or a part of an object: a client waits for it. */
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** Timeout including the wait for a free thread. */
    private static final long PATIENCE_MILLIS = ANSWER.toMillis() + 1_000;
    /** Each request takes a thread, here and in the embedded S3 server. */
    private static final int MAX_REQUESTS = 16;

    /** A larger object is uploaded in parts. */
    private static final long ONE_REQUEST_BYTES = 64 << 20;
    /** Covers an object store with a clock that is some minutes off. */
    private static final int PUT_SECONDS = 3_600;

    private static final long MAX_ERROR_BYTES = 1_000;

    private static final int PART_BYTES = 64 << 10;
    private static final Set<OpenOption> ANEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Each node writes the same object. */
    private static final String CHECK_KEY = "checks/write.txt";

    private static final long WRITE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Vertx vertx;
    private final OkHttpClient http;
    private final MinioAsyncClient client;
    private final MinioAsyncClient reader;
    private final MinioAsyncClient downloader;
    private final MinioAsyncClient presigner;
    private final String bucket;
    private final String region;
    private final CallTimes calls;
    /** The last write of a check. Guarded by this, as is its time. */
    private Future<Void> written = Future.failedFuture("not tried yet");

    private long writtenAt;

    /** @param calls counts requests */
    ObjectStoreClient(Vertx vertx, ObjectStoreConfig config, URI endpoint, CallTimes calls) {
        this.vertx = vertx;
        this.calls = calls;
        this.bucket = config.bucket();
        this.region = config.region();
        this.http = new OkHttpClient.Builder()
                .connectTimeout(CONNECT)
                .readTimeout(SILENCE)
                .writeTimeout(SILENCE)
                .build();
        http.dispatcher().setMaxRequests(MAX_REQUESTS);
        http.dispatcher().setMaxRequestsPerHost(MAX_REQUESTS);
        this.client = client(config, endpoint, http);
        this.reader =
                client(config, endpoint, http.newBuilder().callTimeout(ANSWER).build());
        this.downloader = client(
                config,
                endpoint,
                http.newBuilder()
                        .callTimeout(Duration.ofSeconds(ArtifactStore.DOWNLOAD_SECONDS))
                        .build());
        this.presigner = client(config, config.publicEndpoint().orElse(endpoint), http);
    }

    private MinioAsyncClient client(ObjectStoreConfig config, URI endpoint, OkHttpClient http) {
        return MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                .region(region)
                .credentials(config.accessKey(), config.secretKey())
                .httpClient(http)
                .build();
    }

    Future<Void> ensureBucket() {
        return bucketExists()
                .compose(exists -> exists
                        ? Future.succeededFuture()
                        : ask(() -> reader.makeBucket(
                                MakeBucketArgs.builder().bucket(bucket).build())));
    }

    private Future<Boolean> bucketExists() {
        return ask(() ->
                reader.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    }

    /** Fails if the object store does not answer, or takes no writes: a store that is full, or read-only, still answers. */
    Future<Void> check() {
        Future<Void> last;
        synchronized (this) {
            boolean fresh = System.nanoTime() - writtenAt < WRITE_NANOS;
            if (written.isComplete() && !(written.succeeded() && fresh)) {
                writtenAt = System.nanoTime();
                written = upload(CHECK_KEY, Buffer.buffer("ok"));
            }
            last = written;
        }
        return LoopPromise.on(vertx.getOrCreateContext(), last)
                .compose(taken -> bucketExists())
                .compose(exists -> exists
                        ? Future.succeededFuture()
                        : Future.failedFuture(new BerthException(
                                ErrorCode.UNAVAILABLE, "the bucket '" + bucket + "' no longer exists")));
    }

    @Override
    public Future<Void> upload(String key, Path file) {
        MediaType type = MediaType.get(NewArtifact.contentType(key));
        return call(
                CallTimes.PUT,
                () -> Files.size(file) <= ONE_REQUEST_BYTES
                        ? put(key, RequestBody.create(file.toFile(), type), md5(file))
                        : client.uploadObject(UploadObjectArgs.builder()
                                        .bucket(bucket)
                                        .object(key)
                                        .filename(file.toString())
                                        .contentType(type.toString())
                                        .build())
                                .thenApply(stored -> null));
    }

    Future<Void> upload(String key, Buffer bytes) {
        MediaType type = MediaType.get(NewArtifact.contentType(key));
        byte[] content = bytes.getBytes();
        return call(
                CallTimes.PUT,
                () -> put(
                        key,
                        RequestBody.create(content, type),
                        MessageDigest.getInstance("MD5").digest(content)));
    }

    private static byte[] md5(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    /**
     * Puts an object by a presigned URL. In a signed request of the SDK, the client and the server each hash the bytes by SHA-256, at 8 ms
     * a MiB without Java's optimizing compiler; MD5 takes 3.
     *
     * @param md5 of the bytes: the store refuses others, and a bucket with retention refuses an object without
     */
    private CompletableFuture<Void> put(String key, RequestBody bytes, byte[] md5) {
        CompletableFuture<Void> put = new CompletableFuture<>();
        Request request = new Request.Builder()
                .url(presign(client, Method.PUT, key, PUT_SECONDS))
                .header("Content-MD5", Base64.getEncoder().encodeToString(md5))
                .put(bytes)
                .build();
        http.newCall(request).enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    if (response.isSuccessful()) {
                        put.complete(null);
                    } else {
                        put.completeExceptionally(new IOException(response.code() + " "
                                + response.peekBody(MAX_ERROR_BYTES).string()));
                    }
                } catch (IOException e) {
                    put.completeExceptionally(e); // the rest of the refusal did not come
                }
            }

            @Override
            public void onFailure(Call call, IOException e) {
                put.completeExceptionally(e);
            }
        });
        return put;
    }

    @Override
    public Future<Void> remove(String key) {
        return call(
                CallTimes.DELETE,
                () -> client.removeObject(
                        RemoveObjectArgs.builder().bucket(bucket).object(key).build()));
    }

    /** The objects as {@link ArtifactStore#list} gives them. */
    Future<List<ArtifactStore.Listed>> list(String prefix, String after, int limit) {
        Iterable<Result<Item>> found = client.listObjects(ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .startAfter(after)
                .maxKeys(limit)
                .recursive(true)
                .build());
        return calls.measured(
                CallTimes.BUCKET,
                vertx.executeBlocking(() -> read(found, limit), false)
                        .recover(e -> Future.failedFuture(new BerthException(
                                ErrorCode.UNAVAILABLE, "the object store did not list its objects", e))));
    }

    /** Asks the object store: blocks. */
    private static List<ArtifactStore.Listed> read(Iterable<Result<Item>> found, int limit) throws Exception {
        List<ArtifactStore.Listed> read = new ArrayList<>();
        for (Iterator<Result<Item>> next = found.iterator(); read.size() < limit && next.hasNext(); ) {
            Item item = next.next().get();
            read.add(new ArtifactStore.Listed(
                    item.objectName(), item.size(), item.lastModified().toInstant()));
        }
        return read;
    }

    Future<Buffer> get(String key) {
        return get(GetObjectArgs.builder().bucket(bucket).object(key).build());
    }

    /** Reads a part of an object. */
    Future<Buffer> get(String key, long offset, long length) {
        return get(GetObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .offset(offset)
                .length(length)
                .build());
    }

    private Future<Buffer> get(GetObjectArgs what) {
        return calls.measured(
                CallTimes.GET,
                inTime(call(() -> reader.getObject(what))
                        .compose(response -> vertx.executeBlocking(() -> readFully(response), false))));
    }

    private static Buffer readFully(GetObjectResponse response) throws Exception {
        try (response) {
            return Buffer.buffer(response.readAllBytes());
        }
    }

    /** Writes an object to a file that does not exist yet, which is removed again where this fails. */
    Future<Void> download(String key, Path file, long maxBytes) {
        return calls.measured(
                CallTimes.GET,
                call(() -> downloader.getObject(GetObjectArgs.builder()
                                .bucket(bucket)
                                .object(key)
                                .build()))
                        .compose(response -> vertx.executeBlocking(() -> write(response, file, maxBytes), false)));
    }

    private static Void write(GetObjectResponse response, Path file, long maxBytes) throws IOException {
        try (response;
                OutputStream out = Channels.newOutputStream(Files.newByteChannel(file, ANEW, FOR_OWNER))) {
            copy(response, out, maxBytes);
        } catch (IOException | BerthException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return null;
    }

    private static void copy(InputStream in, OutputStream out, long maxBytes) throws IOException {
        byte[] part = new byte[PART_BYTES];
        long left = maxBytes;
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            left -= read;
            if (left < 0) {
                throw new BerthException(
                        ErrorCode.UPSTREAM, "the stored object was replaced: it has more than " + maxBytes + " bytes");
            }
            out.write(part, 0, read);
        }
    }

    /** Computed locally: the region is known, so the server is not asked. */
    String presign(String key, int seconds) {
        return presign(presigner, Method.GET, key, seconds);
    }

    private String presign(MinioAsyncClient signer, Method method, String key, int seconds) {
        try {
            return signer.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(method)
                    .bucket(bucket)
                    .object(key)
                    .region(region)
                    .expiry(seconds)
                    .build());
        } catch (Exception e) {
            throw new IllegalStateException("can't sign a URL for " + key, e);
        }
    }

    void close() {
        // The connection of a request that is under way is kept for the next one when it ends.
        http.dispatcher().setIdleCallback(http.connectionPool()::evictAll);
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private <T> Future<T> ask(Callable<CompletableFuture<T>> request) {
        return calls.measured(CallTimes.BUCKET, inTime(call(request)));
    }

    /** Turns a timeout or an error into a failure that names the object store. */
    private static <T> Future<T> inTime(Future<T> answer) {
        return answer.timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.UNAVAILABLE, "the object store is not responding properly at the moment", e)));
    }

    private <T> Future<T> call(String operation, Callable<CompletableFuture<T>> request) {
        return calls.measured(operation, call(request));
    }

    /** Runs on a worker, because the SDK prepares requests, file sizes included, on the calling thread. */
    private <T> Future<T> call(Callable<CompletableFuture<T>> request) {
        return vertx.executeBlocking(request, false)
                .compose(stage -> Future.fromCompletionStage(stage, vertx.getOrCreateContext()));
    }
}

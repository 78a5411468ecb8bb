package dev.berth.artifact;

import dev.berth.config.ServerConfig;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.http.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;

/** One bucket of an S3 server. Futures complete on the caller's context. */
final class ObjectStoreClient {
    private final Vertx vertx;
    private final OkHttpClient http;
    private final MinioAsyncClient client;
    private final MinioAsyncClient presigner;
    private final String bucket;
    private final String region;

    ObjectStoreClient(Vertx vertx, ServerConfig.ObjectStore config, URI endpoint) {
        this.vertx = vertx;
        this.bucket = config.bucket();
        this.region = config.region();
        this.http = new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(5))
                .readTimeout(Duration.ofSeconds(30))
                .writeTimeout(Duration.ofSeconds(30))
                .build();
        http.dispatcher().setMaxRequestsPerHost(32);
        this.client = client(config, endpoint);
        this.presigner = client(config, config.publicEndpoint().orElse(endpoint));
    }

    private MinioAsyncClient client(ServerConfig.ObjectStore config, URI endpoint) {
        return MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                .region(region)
                .credentials(config.accessKey(), config.secretKey())
                .httpClient(http)
                .build();
    }

    Future<Void> ensureBucket() {
        return call(() -> client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build()))
                .compose(exists -> exists
                        ? Future.succeededFuture()
                        : call(() -> client.makeBucket(
                                MakeBucketArgs.builder().bucket(bucket).build())));
    }

    Future<Void> check() {
        return call(() -> client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build()))
                .compose(exists ->
                        exists ? Future.succeededFuture() : Future.failedFuture("the bucket '" + bucket + "' is gone"));
    }

    Future<Void> upload(String key, Path file) {
        return call(() -> client.uploadObject(UploadObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .filename(file.toString())
                        .contentType(ContentTypes.of(key))
                        .build()))
                .mapEmpty();
    }

    /** Harmless where there is none. */
    Future<Void> remove(String key) {
        return call(() -> client.removeObject(
                RemoveObjectArgs.builder().bucket(bucket).object(key).build()));
    }

    Future<Buffer> get(String key) {
        return call(() -> client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key).build()))
                .compose(response -> vertx.executeBlocking(() -> readFully(response), false));
    }

    private static Buffer readFully(GetObjectResponse response) throws Exception {
        try (response) {
            return Buffer.buffer(response.readAllBytes());
        }
    }

    /** Pure computation: the region is known, so that nothing is asked of the server. */
    String presign(String key, int seconds) {
        try {
            return presigner.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Method.GET)
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
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** The SDK prepares requests, file sizes included, on the calling thread: so call it from a worker. */
    private <T> Future<T> call(Callable<CompletableFuture<T>> request) {
        return vertx.executeBlocking(request, false)
                .compose(stage -> Future.fromCompletionStage(stage, vertx.getOrCreateContext()));
    }
}

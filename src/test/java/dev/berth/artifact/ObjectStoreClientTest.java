package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ObjectStoreConfig;
import dev.berth.metrics.CallTimes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ObjectStoreClientTest {
    /** A hash of the bytes costs the client and the embedded store 10 ms a MiB each. */
    @Test
    void anUploadIsSignedAndSaysWhyItWasRefused(Vertx vertx, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "the bytes");
        Promise<HttpServerRequest> asked = Promise.promise();
        Promise<Buffer> sent = Promise.promise();
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            boolean first = asked.tryComplete(request);
            request.body()
                    .onSuccess(sent::tryComplete)
                    .onSuccess(all ->
                            request.response().setStatusCode(first ? 200 : 403).end("no room"));
        });
        ObjectStoreClient client = client(vertx, server);
        await(client.upload("sessions/a/screenshot/b.png", file));
        HttpServerRequest put = await(asked.future());
        assertThat(put.method()).isEqualTo(HttpMethod.PUT);
        assertThat(put.path()).isEqualTo("/bucket/sessions/a/screenshot/b.png");
        assertThat(put.getParam("X-Amz-Signature")).isNotEmpty();
        assertThat(put.headers().names()).doesNotContain("x-amz-content-sha256");
        assertThat(put.getHeader("Content-MD5")).isEqualTo(md5("the bytes"));
        assertThat(put.getHeader("Content-Type")).isEqualTo("image/png");
        assertThat(await(sent.future())).hasToString("the bytes");
        Future<Void> refused = client.upload("logs/b.gz", Buffer.buffer("x"));
        assertThat(refused.toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("403 no room");
        client.close();
    }

    private static String md5(String text) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(text.getBytes()));
    }

    /** As by a balancer that is restarted. */
    @Test
    void anUploadWhoseRefusalBreaksOffFails(Vertx vertx) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    request.response()
                            .setStatusCode(503)
                            .putHeader("Content-Length", "100")
                            .write("no");
                    vertx.setTimer(50, sent -> request.connection().close());
                }));
        ObjectStoreClient client = client(vertx, server);
        Future<Void> refused = client.upload("logs/b.gz", Buffer.buffer("x"));
        assertThat(refused.toCompletionStage().toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
        client.close();
    }

    @Test
    void theConnectionOfARequestThatOutlivesTheClientIsClosed(Vertx vertx) {
        Promise<HttpServerRequest> asked = Promise.promise();
        Promise<Void> closed = Promise.promise();
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> connection.closeHandler(closed::tryComplete))
                .requestHandler(asked::tryComplete);
        ObjectStoreClient client = client(vertx, server);
        Future<Void> request = client.ensureBucket();
        HttpServerRequest waiting = await(asked.future());
        client.close();
        await(waiting.response().end());
        await(request);
        await(closed.future());
    }

    private static ObjectStoreClient client(Vertx vertx, HttpServer server) {
        await(server.listen(0, "127.0.0.1"));
        URI endpoint = URI.create("http://127.0.0.1:" + server.actualPort());
        return new ObjectStoreClient(
                vertx,
                new ObjectStoreConfig(
                        Optional.of(endpoint), Optional.empty(), "a-key", "a-secret-key", "bucket", "us-east-1", 900),
                endpoint,
                CallTimes.unseen());
    }

    /** Such as one whose disk is full. */
    @Test
    void aStoreThatAnswersButTakesNoWritesFailsTheCheckUntilItTakesOne(Vertx vertx) {
        AtomicInteger writes = new AtomicInteger();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    boolean write = request.method().equals(HttpMethod.PUT);
                    boolean refused = write && writes.getAndIncrement() == 0;
                    request.response()
                            .putHeader("ETag", "\"a\"")
                            .setStatusCode(refused ? 507 : 200)
                            .end();
                }));
        ObjectStoreClient client = client(vertx, server);
        Future<Void> check = client.check();
        assertThat(check.toCompletionStage().toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
        await(client.check());
        await(client.check());
        assertThat(writes).as("one that was refused, and one for a minute").hasValue(2);
        client.close();
    }

    private static <T> T await(Future<T> future) {
        assertThat(future.toCompletionStage().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
        return future.result();
    }
}

package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class FileReceiverTest {
    private static final int MANY_BYTES = 5 << 20;

    /** What comes of a chunked body that goes to this file. */
    private static String arrive(Vertx vertx, String file, Buffer body) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> answer(vertx, request, file));
        HttpClient client = vertx.createHttpClient();
        return await(server.listen(0, "127.0.0.1")
                .compose(here -> client.request(HttpMethod.PUT, here.actualPort(), "127.0.0.1", "/"))
                .compose(request -> request.setChunked(true).send(body))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    /** What comes of a body of which nothing comes, while the receiver looks so often. */
    private static String await(Vertx vertx, String file, int looks) throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> vertx.fileSystem()
                        .open(file, new OpenOptions().setRead(false).setCreate(false))
                        .onSuccess(opened -> {
                            FileReceiver.Arrival arrival =
                                    new FileReceiver.Arrival(request, request.response(), opened, MANY_BYTES);
                            Future<Void> arrived = arrival.begin();
                            IntStream.range(0, looks).forEach(look -> arrival.goesOn());
                            request.response()
                                    .end(arrived.failed() ? arrived.cause().getMessage() : "awaited");
                        }));
        HttpClient client = vertx.createHttpClient();
        return await(server.listen(0, "127.0.0.1")
                .compose(here -> client.request(HttpMethod.PUT, here.actualPort(), "127.0.0.1", "/"))
                .compose(request -> request.exceptionHandler(e -> {})
                        .setChunked(true)
                        .sendHead()
                        .compose(sent -> request.response()))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));
    }

    private static void answer(Vertx vertx, HttpServerRequest request, String path) {
        request.pause();
        vertx.fileSystem()
                .open(path, new OpenOptions().setRead(false).setCreate(false))
                .compose(file -> new FileReceiver.Arrival(request, request.response(), file, MANY_BYTES)
                        .begin()
                        .eventually(file::close))
                .onSuccess(whole -> request.response().end("whole"))
                .onFailure(e -> request.response().end(e.getMessage()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aBodyArrivesWhole(Vertx vertx, @TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(arrive(vertx, file.toString(), Buffer.buffer(new byte[MANY_BYTES])))
                .isEqualTo("whole");
        assertThat(file).hasSize(MANY_BYTES);
    }

    @Test
    void aBodyOfWhichNothingComesBreaksOff(Vertx vertx, @TempDir Path folder) throws Exception {
        String file = Files.createFile(folder.resolve("file")).toString();
        assertThat(await(vertx, file, FileReceiver.MAX_STILL - 1)).isEqualTo("awaited");
        assertThat(await(vertx, file, FileReceiver.MAX_STILL)).contains("no data arrived for 20 s");
    }

    @Test
    void aBodyWhoseLastWriteFailsIsNotWhole(Vertx vertx) throws Exception {
        assertThat(arrive(vertx, "/dev/full", Buffer.buffer("hello")))
                .isEqualTo("the disk of this node, with its data-dir (BERTH_DATA_DIR), is full");
    }
}

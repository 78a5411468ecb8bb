package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.ApiKey;
import dev.berth.limits.MemoryBudget;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(60)
class BodyReceiverTest {
    private static final int MAX_BYTES = 30_000;
    private static final String JSON = "{\"a\":\"0123456789\"}";
    private static final String LARGE = "{\"a\":\"" + "0".repeat(20_000) + "\"}";
    private static final String ONE = "/";
    private static final String OTHER = "/x";
    private static final String THIRD = "/xy";
    private int port;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        Promise<Integer> listening = Promise.promise();
        vertx.runOnContext(ignored -> {
            Router router = Router.router(vertx);
            // Room for four bodies of LARGE at once, two for each user.
            MemoryBudget budget = new MemoryBudget(4L * LARGE.length(), 2L * LARGE.length());
            router.route()
                    .handler(ctx -> {
                        long user = ctx.request().path().length();
                        ctx.put("berth.key", new ApiKey(user, user, false));
                        ctx.next();
                    })
                    .handler(new BodyReceiver(MAX_BYTES, budget))
                    .handler(ctx -> ctx.end(BodyReceiver.of(ctx)))
                    .failureHandler(Problem::answer);
            vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0)
                    .map(server -> server.actualPort())
                    .onComplete(listening);
        });
        port = listening.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Socket send(String path, String body, int sent) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        String head = "POST " + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body.substring(0, sent)).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private String post(String path, String body) throws IOException {
        try (Socket socket = send(path, body, body.length())) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private Socket begin(String path) throws IOException {
        return send(path, LARGE, LARGE.length() - 1);
    }

    private void awaitFull(String path) throws IOException {
        while (!post(path, LARGE).startsWith("HTTP/1.1 503")) {
            // They have not all been received yet.
            Thread.onSpinWait();
        }
    }

    @Test
    void theReceivedBodyCanBeRead() throws IOException {
        assertThat(post(ONE, JSON)).startsWith("HTTP/1.1 200").endsWith(JSON);
        assertThat(post(ONE, " ".repeat(MAX_BYTES + 1))).startsWith("HTTP/1.1 413");
    }

    @Test
    void largeBodiesAreBoundedAndFreedWhenTheirClientsLeave() throws IOException {
        try (Socket first = begin(ONE);
                Socket second = begin(ONE);
                Socket third = begin(OTHER);
                Socket fourth = begin(OTHER)) {
            awaitFull(THIRD);
            assertThat(post(THIRD, JSON)).as("small ones do not count").startsWith("HTTP/1.1 200");
            first.getOutputStream().write('}');
            assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith(LARGE);
            assertThat(second.isClosed() || third.isClosed() || fourth.isClosed())
                    .isFalse();
        }
        while (!post(ONE, LARGE).startsWith("HTTP/1.1 200")) {
            // The server has not noticed yet that the others left.
            Thread.onSpinWait();
        }
    }

    @Test
    void oneUserLeavesRoomForOthers() throws IOException {
        try (Socket first = begin(ONE);
                Socket second = begin(ONE);
                Socket third = begin(ONE);
                Socket fourth = begin(ONE)) {
            awaitFull(ONE);
            assertThat(post(ONE, JSON)).startsWith("HTTP/1.1 200");
            assertThat(post(OTHER, LARGE)).startsWith("HTTP/1.1 200");
            assertThat(first.isClosed() || second.isClosed() || third.isClosed() || fourth.isClosed())
                    .isFalse();
        }
    }
}

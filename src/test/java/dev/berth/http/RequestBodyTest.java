package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;

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
class RequestBodyTest {
    private static final String JSON = "{\"a\":\"0123456789\"}";
    private int port;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        Promise<Integer> listening = Promise.promise();
        vertx.runOnContext(ignored -> {
            Router router = Router.router(vertx);
            // Two of JSON at once.
            router.route()
                    .handler(new RequestBody(1_000, 2L * JSON.length(), new BulkWork(vertx)))
                    .handler(ctx -> ctx.end(RequestBody.of(ctx)))
                    .failureHandler(Problem::answer);
            vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0)
                    .map(server -> server.actualPort())
                    .onComplete(listening);
        });
        port = listening.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Socket send(String body, int sent) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        String head =
                "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body.substring(0, sent)).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private String post(String body) throws IOException {
        try (Socket socket = send(body, body.length())) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void whatWasReceivedIsThereToBeRead() throws IOException {
        assertThat(post(JSON)).startsWith("HTTP/1.1 200").endsWith(JSON);
        assertThat(post("{} {}")).startsWith("HTTP/1.1 400").contains("nothing after it");
        assertThat(post(" ".repeat(1_001))).startsWith("HTTP/1.1 413");
    }

    @Test
    void bodiesTogetherAreBoundedAndMakeRoomWhenTheirClientsLeave() throws IOException {
        try (Socket first = send(JSON, JSON.length() - 1);
                Socket second = send(JSON, JSON.length() - 1)) {
            while (!post(JSON).startsWith("HTTP/1.1 503")) {
                // They are not all received yet.
                Thread.onSpinWait();
            }
            first.getOutputStream().write('}');
            assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith(JSON);
        }
        while (!post(JSON + " ".repeat(JSON.length())).startsWith("HTTP/1.1 200")) {
            // The second has not been missed yet.
            Thread.onSpinWait();
        }
    }
}

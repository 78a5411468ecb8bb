package dev.berth.http.request;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over real sockets. */
@ExtendWith(VertxExtension.class)
@Timeout(60)
class ConnectionsTest {
    private static final Duration AGES = Duration.ofHours(1);
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    /** More than the kernel's buffers hold. */
    private static final int LARGE_BYTES = 64 << 20;

    private Vertx vertx;
    private Connections connections;
    private Context context;
    private final Promise<Void> leftAlone = Promise.promise();

    @BeforeEach
    void on(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Listens on the event loop of its {@link Connections}, as a verticle does. */
    private int listen(int max, Duration idle) throws Exception {
        Promise<Integer> port = Promise.promise();
        HttpServerOptions options = new HttpServerOptions()
                .setPort(0)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) idle.toMillis());
        vertx.runOnContext(ignored -> vertx.createHttpServer(options)
                .connectionHandler(connections(max, options)::opened)
                .requestHandler(this::answer)
                .listen()
                .map(server -> server.actualPort())
                .onComplete(port));
        return port.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Connections connections(int max, HttpServerOptions options) {
        connections = new Connections(vertx, options, new Semaphore(max));
        context = vertx.getOrCreateContext();
        return connections;
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/flood" -> {
                request.response().putHeader("Upgrade", "x").putHeader("Connection", "Upgrade");
                request.toNetSocket().onSuccess(socket -> socket.write(Buffer.buffer(new byte[LARGE_BYTES])));
            }
            case "/large" -> {
                request.connection().closeHandler(closed -> leftAlone.tryComplete());
                request.response().end(Buffer.buffer(new byte[LARGE_BYTES])).onComplete(ended -> {});
            }
            default -> request.response().end("hello");
        }
    }

    private static Socket send(int port, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String read(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int read = in.read();
            if (read < 0) {
                break;
            }
            text.append((char) read);
        }
        return text.toString();
    }

    @Test
    void aClientThatIsSilentOrDoesNotReadIsDisconnected() throws Exception {
        int port = listen(10, Duration.ofMillis(100));
        try (Socket nothing = send(port, "");
                Socket half = send(port, "GET / HTTP/1.1\r\nHost:");
                Socket again = send(port, GET);
                Socket unread = send(port, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertThat(nothing.getInputStream().read()).isEqualTo(-1);
            assertThat(half.getInputStream().read()).isEqualTo(-1);
            assertThat(read(again, "hello")).startsWith("HTTP/1.1 200");
            assertThat(again.getInputStream().read()).isEqualTo(-1);
            await(leftAlone.future());
            assertThat(unread.getInputStream().readAllBytes()).hasSizeLessThan(LARGE_BYTES);
        }
    }

    @Test
    void aConnectionBeyondTheLimitIsClosedUntilAnotherEnds() throws Exception {
        int port = listen(2, AGES);
        try (Socket first = send(port, GET);
                Socket second = send(port, GET)) {
            assertThat(read(first, "hello")).endsWith("hello");
            assertThat(read(second, "hello")).endsWith("hello");
            assertThat(isRefused(port)).isTrue();
            first.close();
            while (isRefused(port)) {
                Thread.onSpinWait();
            }
            second.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(read(second, "hello")).endsWith("hello");
        }
    }

    private Future<Void> stop(Duration patience) {
        Promise<Void> stopped = Promise.promise();
        context.runOnContext(ignored -> connections.close(patience).onComplete(stopped));
        return stopped.future();
    }

    @Test
    void aStopEndsConnectionsThatAreNotRead() throws Exception {
        int port = listen(10, AGES);
        try (Socket silent = send(port, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
                Socket silentToo =
                        send(port, "GET /flood HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
                Socket idle = send(port, GET)) {
            assertThat(read(idle, "hello")).endsWith("hello");
            assertThat(read(silent, "\r\n")).startsWith("HTTP/1.1 200");
            assertThat(read(silentToo, "\r\n")).startsWith("HTTP/1.1 101");
            await(stop(Duration.ofMillis(100)));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(isRefused(port)).isTrue();
        }
    }

    @Test
    void aStopLetsPendingAnswersGoOut() throws Exception {
        int port = listen(10, AGES);
        try (Socket reader = send(port, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertThat(read(reader, "\r\n\r\n")).startsWith("HTTP/1.1 200");
            Future<Void> stopped = stop(AGES);
            assertThat(reader.getInputStream().readAllBytes()).hasSize(LARGE_BYTES);
            await(stopped);
        }
    }

    private static boolean isRefused(int port) {
        try (Socket socket = send(port, GET)) {
            return !read(socket, "hello").endsWith("hello");
        } catch (IOException e) {
            return true;
        }
    }
}

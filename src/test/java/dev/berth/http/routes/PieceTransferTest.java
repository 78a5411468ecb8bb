package dev.berth.http.routes;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.http.request.Connections;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(60)
class PieceTransferTest {
    /** More than the kernel's buffers hold. */
    private static final int BYTES = 64 << 20;

    private static final int PIECE_BYTES = 1 << 18;

    private final Promise<HttpServerRequest> begun = Promise.promise();
    private final Promise<Void> over = Promise.promise();

    private Socket ask(Vertx vertx) throws Exception {
        int port = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
                .actualPort();
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void answer(HttpServerRequest request) {
        AtomicInteger left = new AtomicInteger(BYTES / PIECE_BYTES);
        new PieceTransfer(
                        () -> Future.succeededFuture(
                                left.getAndDecrement() == 0
                                        ? Optional.empty()
                                        : Optional.of(Buffer.buffer(new byte[PIECE_BYTES]))),
                        request.response())
                .send(() -> request.response().putHeader("Content-Length", "" + BYTES))
                .onComplete(over);
        begun.complete(request);
    }

    @Test
    void allPiecesAreSent(Vertx vertx) throws Exception {
        try (Socket client = ask(vertx)) {
            assertThat(client.getInputStream().readAllBytes()).hasSizeGreaterThan(BYTES);
            await(over.future());
        }
    }

    /** Such as a type that a web page gave to a download, with characters that no header may have. */
    @Test
    void aHeadThatCanNotBeSentFailsTheTransfer(Vertx vertx) throws Exception {
        Promise<Void> failed = Promise.promise();
        int port = await(vertx.createHttpServer()
                        .requestHandler(request -> new PieceTransfer(
                                        () -> Future.succeededFuture(Optional.empty()), request.response())
                                .send(() -> request.response().putHeader("Content-Type", "a\nb"))
                                .onComplete(failed))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> await(failed.future())).hasRootCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anEndedTransferCompletesEvenIfTheClientDoesNotRead(Vertx vertx) throws Exception {
        try (Socket client = ask(vertx)) {
            ConnectionBase connection = (ConnectionBase) await(begun.future()).connection();
            connection.channel().eventLoop().execute(() -> Connections.cut(connection.channel()));
            await(over.future());
        }
    }
}

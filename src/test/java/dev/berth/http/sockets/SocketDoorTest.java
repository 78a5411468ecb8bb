package dev.berth.http.sockets;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.KeySockets;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over real sockets, with a fake use that the test controls. */
@ExtendWith(VertxExtension.class)
class SocketDoorTest {
    private static final long KEY_ID = 7;
    private static final SessionId SESSION = SessionId.random();

    private final SocketPlaces places = new SocketPlaces(100);
    private final KeySockets keys = new KeySockets(id -> Future.succeededFuture(Optional.of(Instant.MAX)));
    private ContextInternal loop;
    private SocketDoor door;
    private FakeUse use;
    private Promise<Admission> admitted;
    private Promise<Void> asked;
    private Promise<Void> gone;
    private HttpServer server;

    /** Records the calls of the door. The test completes its opening and its end. */
    private final class FakeUse implements SocketUse {
        final Promise<Void> opening = loop.promise();
        final Promise<Void> opened = loop.promise();
        final Promise<Void> started = loop.promise();
        final Promise<CloseReason> stopped = loop.promise();
        final Promise<Void> over = loop.promise();
        final Promise<Void> abandoned = loop.promise();

        private volatile boolean throwsAtOpen;
        private volatile boolean throwsAtStart;

        @Override
        public Future<?> open() {
            opening.tryComplete();
            if (throwsAtOpen) {
                throw new BerthException(ErrorCode.UPSTREAM, "on purpose");
            }
            return opened.future();
        }

        @Override
        public Future<?> start(NetSocket socket) {
            if (throwsAtStart) {
                throw new IllegalStateException("on purpose");
            }
            socket.closeHandler(closed -> over.tryComplete());
            started.complete();
            return over.future();
        }

        @Override
        public Future<?> stop(CloseReason reason) {
            stopped.tryComplete(reason);
            return over.future();
        }

        @Override
        public void abandon() {
            abandoned.tryComplete();
        }
    }

    private volatile boolean here = true;
    private volatile Handler<HttpServerRequest> again =
            request -> request.response().setStatusCode(299).end();

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        loop = ((VertxInternal) vertx).createEventLoopContext();
        admitted = loop.promise();
        asked = loop.promise();
        gone = loop.promise();
        use = new FakeUse();
        server = await(on(loop, () -> {
                    door = new SocketDoor(
                            vertx,
                            places,
                            keys,
                            (e, request, session) -> Future.succeededFuture((BerthException) e),
                            id -> here,
                            request -> again.handle(request));
                    return vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1");
                }))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        door.open(request, () -> admitted.future());
        // After the door's own listener.
        ((ConnectionBase) request.connection())
                .channel()
                .closeFuture()
                .addListener(closed -> loop.runOnContext(heard -> gone.tryComplete()));
        asked.tryComplete();
    }

    private Socket connect() throws Exception {
        Socket client = new Socket("127.0.0.1", server.actualPort());
        client.setSoTimeout(10_000);
        client.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        await(asked.future());
        return client;
    }

    private void admit() {
        admitted.tryComplete(new Admission(KEY_ID, SESSION, use));
    }

    /** Runs on the loop, so that everything completed there before has been handled. */
    private void assertNobodyIsIn() throws Exception {
        assertThat(await(on(loop, places::isEmpty))).isTrue();
    }

    private static String head(Socket client) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            assertThat(next).as("more, after " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void aClientThatLeavesBeforeItsAdmissionIsNotOpened() throws Exception {
        connect().close();
        await(gone.future());
        admit();
        await(on(loop, () -> null));
        assertNobodyIsIn();
        assertThat(use.opening.future().isComplete()).isFalse();
    }

    @Test
    void aClientThatLeavesDuringOpeningIsAbandonedAtOnce() throws Exception {
        Socket client = connect();
        admit();
        await(use.opening.future());
        assertThat(places.isEmpty()).isFalse();
        client.close();
        await(use.abandoned.future());
        use.opened.complete();
        await(on(loop, () -> null));
        assertNobodyIsIn();
        assertThat(use.started.future().isComplete()).isFalse();
    }

    @Test
    void aClientThatLeavesAsTheUseGetsReadyIsAbandoned() throws Exception {
        Socket client = connect();
        admit();
        await(use.opening.future());
        // The server notices after the use is ready, but before its response has gone out.
        await(on(loop, () -> {
            client.close();
            use.opened.complete();
            return null;
        }));
        await(gone.future());
        await(Future.any(use.over.future(), use.abandoned.future()));
        await(on(loop, () -> null));
        assertNobodyIsIn();
    }

    @Test
    void aClientThatLeavesWithItsSocketFreesItsPlace() throws Exception {
        Socket client = connect();
        admit();
        use.opened.complete();
        await(use.started.future());
        assertThat(head(client)).startsWith("HTTP/1.1 101").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(places.isEmpty()).isFalse();
        client.close();
        await(use.over.future());
        assertNobodyIsIn();
        await(gone.future());
        assertThat(use.abandoned.future().isComplete()).isFalse();
    }

    @Test
    void aUseThatThrowsAtItsOpeningFreesThePlace() throws Exception {
        use.throwsAtOpen = true;
        try (Socket client = connect()) {
            admit();
            assertThat(head(client)).startsWith("HTTP/1.1 502");
            assertNobodyIsIn();
        }
    }

    @Test
    void aClientWhoseSessionAnsweredFromAnotherNodeIsPassedOn() throws Exception {
        here = false;
        use.throwsAtOpen = true;
        try (Socket client = connect()) {
            admit();
            assertThat(head(client)).startsWith("HTTP/1.1 299");
            assertNobodyIsIn();
        }
    }

    @Test
    void oneThatComesBackFromThereIsRefused() throws Exception {
        here = false;
        use.throwsAtOpen = true;
        again = request -> door.open(request, () -> admitted.future());
        try (Socket client = connect()) {
            admit();
            assertThat(head(client)).startsWith("HTTP/1.1 502");
        }
        assertNobodyIsIn();
    }

    @Test
    void aUseThatThrowsAtItsStartLosesItsSocketAndFreesThePlace() throws Exception {
        use.throwsAtStart = true;
        try (Socket client = connect()) {
            admit();
            use.opened.complete();
            assertThat(head(client)).startsWith("HTTP/1.1 101");
            await(gone.future());
            await(use.abandoned.future());
            assertNobodyIsIn();
        }
    }

    @Test
    void aRefusedClientGetsAnHttpErrorAndFreesItsPlace() throws Exception {
        try (Socket client = connect()) {
            admit();
            await(use.opening.future());
            use.opened.fail(new BerthException(ErrorCode.SESSION_ENDED, "the session ended: client"));
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 410").contains("the session ended: client");
            await(use.abandoned.future());
            assertNobodyIsIn();
        }
    }

    @Test
    void aUseThatThrowsIsRefusedAndFreesItsPlace() throws Exception {
        try (Socket client = connect()) {
            admitted.fail(new BerthException(ErrorCode.UNAUTHENTICATED, "who are you?"));
            assertThat(head(client)).startsWith("HTTP/1.1 401").contains("WWW-Authenticate");
            assertNobodyIsIn();
        }
    }

    @Test
    void aSocketEndsWithItsKey() throws Exception {
        try (Socket client = connect()) {
            admit();
            use.opened.complete();
            await(use.started.future());
            await(on(loop, () -> {
                keys.revoked(KEY_ID);
                return null;
            }));
            assertThat(await(use.stopped.future())).isEqualTo(CloseReason.KEY_REVOKED);
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void aStopClosesSocketsAndRefusesNewOnes() throws Exception {
        try (Socket client = connect()) {
            admit();
            use.opened.complete();
            await(use.started.future());
            Future<?> stopped = await(on(loop, () -> door.stop()));
            assertThat(await(use.stopped.future())).isEqualTo(CloseReason.of(EndReason.NODE_DRAINED));
            assertThat(stopped.isComplete()).isFalse();
            use.over.complete();
            await(stopped);
            try (Socket late = connect()) {
                assertThat(head(late)).startsWith("HTTP/1.1 503");
            }
            assertThat(client.isClosed()).isFalse();
        }
    }
}

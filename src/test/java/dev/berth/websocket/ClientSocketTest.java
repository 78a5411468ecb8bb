package dev.berth.websocket;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over a real socket, with a millisecond between two pings. */
@ExtendWith(VertxExtension.class)
class ClientSocketTest {
    private static final CloseReason REASON = new CloseReason(4010, "over");

    private final Promise<Boolean> silent = Promise.promise();
    private final Promise<String> read = Promise.promise();
    private final Promise<Void> gone = Promise.promise();

    /** @param begins gets the socket of the client */
    private Socket connect(Vertx vertx, Consumer<ClientSocket> begins) throws Exception {
        NetServer server = await(vertx.createNetServer()
                .connectHandler(netSocket -> {
                    ClientSocket socket = new ClientSocket(vertx, netSocket, 1 << 16, 1);
                    socket.start(new ClientSocket.Listener() {
                        @Override
                        public void read(Buffer chunk) {
                            read.tryComplete(chunk.toString());
                        }

                        @Override
                        public void drained() {}

                        @Override
                        public void beat() {}

                        @Override
                        public void silent() {
                            silent.tryComplete(socket.isWriting());
                            socket.abort();
                        }

                        @Override
                        public void gone() {
                            gone.tryComplete();
                        }
                    });
                    begins.accept(socket);
                })
                .listen(0, "127.0.0.1"));
        Socket client = new Socket("127.0.0.1", server.actualPort());
        client.setSoTimeout(10_000);
        return client;
    }

    @Test
    void aClientThatAnswersNoPingIsSilent(Vertx vertx) throws Exception {
        try (Socket client = connect(vertx, socket -> {})) {
            assertThat(client.getInputStream().readNBytes(4)).containsExactly(0x89, 0, 0x89, 0);
            assertThat(await(silent.future())).isFalse();
        }
    }

    @Test
    void aClientThatTakesNothingIsSilentAndCanNotKeepItsSocketOpen(Vertx vertx) throws Exception {
        try (Socket client = connect(vertx, socket -> socket.write(Buffer.buffer(new byte[64 << 20])))) {
            client.getOutputStream().write('x');
            assertThat(await(read.future())).isEqualTo("x");
            assertThat(await(silent.future())).isTrue();
            await(gone.future());
        }
    }

    @Test
    void aClientThatDoesNotAnswerACloseIsDisconnected(Vertx vertx) throws Exception {
        try (Socket client = connect(vertx, socket -> socket.close(REASON))) {
            assertThat(client.getInputStream().readNBytes(8)).containsExactly(0x88, 6, 0x0f, 0xaa, 'o', 'v', 'e', 'r');
            await(gone.future());
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closingASocketThatIsGoneIsHarmless(Vertx vertx) throws Exception {
        Promise<ClientSocket> open = Promise.promise();
        connect(vertx, open::complete).close();
        ClientSocket socket = await(open.future());
        await(gone.future());
        socket.close(REASON);
        socket.close();
        socket.abort();
    }
}

package dev.berth.cdpclient;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.metrics.NodeMetrics;
import dev.berth.websocket.ClientSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Over a real socket, whose other end may not read. */
@ExtendWith(VertxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ClientEndTest {
    private static final byte[] LETTERS = {'a', 'b', 'c'};

    private final Promise<Void> caughtUp = Promise.promise();
    private Vertx vertx;
    private Future<NetSocket> accepted;
    private Socket client;

    @BeforeEach
    void connect(Vertx with) throws Exception {
        vertx = with;
        // The socket is used on its event loop.
        Promise<NetSocket> socket = ((ContextInternal) vertx.getOrCreateContext()).promise();
        accepted = socket.future();
        NetServer server =
                await(vertx.createNetServer().connectHandler(socket::complete).listen(0, "127.0.0.1"));
        client = new Socket("127.0.0.1", server.actualPort());
        client.setSoTimeout(10_000);
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    private ClientEnd end(NetSocket socket) {
        ClientEnd end = new ClientEnd(ClientEnd.socket(vertx, socket), new NodeMetrics().relay());
        end.start(new ClientSocket.Listener() {
            @Override
            public void read(Buffer chunk) {}

            @Override
            public void drained() {
                if (!end.isBehind() && !end.isFull()) {
                    caughtUp.tryComplete();
                }
            }

            @Override
            public void beat() {}

            @Override
            public void silent() {}

            @Override
            public void gone() {}
        });
        return end;
    }

    /** Gives how many bytes the client is sent. */
    private static int sendUntilFull(ClientEnd end) {
        int sent = 0;
        for (; !end.isFull(); sent += 4 + 0x7fff) {
            end.piece(new byte[0x7fff], 0, 0x7fff, true);
            end.flush();
        }
        return sent;
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsBehind() throws Exception {
        int sent = await(accepted.map(socket -> {
            ClientEnd end = end(socket);
            int bytes = sendUntilFull(end);
            for (int i = 0; i < 1_000; i++, bytes += 2) {
                end.pong(new byte[0]);
            }
            assertThat(end.isBehind()).isFalse();
            end.answer("{}");
            assertThat(end.isBehind()).isTrue();
            return bytes + 4;
        }));
        client.getInputStream().skipNBytes(sent);
        await(caughtUp.future());
    }

    @Test
    void ownAnswersWaitForTheEndOfChromesMessage() throws Exception {
        await(accepted.map(socket -> {
            ClientEnd end = end(socket);
            end.piece(LETTERS, 0, 2, false);
            end.answer("{}");
            end.pong(new byte[0]);
            end.piece(LETTERS, 2, 3, true);
            end.flush();
            return null;
        }));
        assertThat(client.getInputStream().readNBytes(13))
                .containsExactly(0x01, 2, 'a', 'b', 0x8a, 0, 0x80, 1, 'c', 0x81, 2, '{', '}');
    }
}

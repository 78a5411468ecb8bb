package dev.berth.cdpclient;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cdpclient.command.CdpMessage;
import dev.berth.cdpclient.command.CdpPolicy;
import dev.berth.cdpclient.command.CommandText;
import dev.berth.cdpclient.command.CommandTextTest;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class CommandGateTest {
    private static final CdpEndpoint ENDPOINT = new CdpEndpoint("c-1", Optional.of("/downloads"), Optional.empty());

    /** A connection to a Chrome that must get nothing. */
    private static final class NoEnd extends FakeChromeEnd {
        @Override
        public boolean send(CdpMessage message, CommandText text) {
            throw new AssertionError("Chrome gets it");
        }
    }

    private static CommandGate gate(Vertx vertx, ContextInternal context, NetSocket socket) {
        CdpLink link = new CdpLink(context, new SessionClient(vertx), SessionId.random());
        ClientEnd client = new ClientEnd(vertx, socket, new NodeMetrics().relay());
        return new CommandGate(
                link,
                new CdpPolicy(ENDPOINT),
                new ActionRecorder(
                        batch -> Future.succeededFuture(), session -> Optional.empty(), new FakeChromeEnd(), () -> {}),
                new TargetCommands(link, new ClientTargets(), "", told -> {}),
                new ClaimedPages(session -> Optional.empty(), pages -> Future.succeededFuture()),
                client,
                new NoEnd(),
                () -> {});
    }

    @Test
    void aCommandThatWouldBeRewrittenIsRefusedWhereItsIdIsNoInteger(Vertx vertx) throws Exception {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Promise<NetSocket> accepted = context.promise();
        NetServer server =
                await(vertx.createNetServer().connectHandler(accepted::complete).listen(0, "127.0.0.1"));
        try (Socket client = new Socket("127.0.0.1", server.actualPort())) {
            client.setSoTimeout(10_000);
            await(accepted.future().map(socket -> {
                CommandText text = CommandTextTest.text("{\"id\":1.5,\"method\":\"Browser.setDownloadBehavior\","
                        + "\"params\":{\"behavior\":\"allow\"}}");
                gate(vertx, context, socket).pass(CdpMessage.read(text), text);
                return null;
            }));
            client.getInputStream().skipNBytes(2);
            assertThat(new String(client.getInputStream().readNBytes(60), StandardCharsets.UTF_8))
                    .contains("error");
        }
    }
}

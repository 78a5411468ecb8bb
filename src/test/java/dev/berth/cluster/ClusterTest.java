package dev.berth.cluster;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes of one JVM, each at a loopback address of its own. */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ClusterTest {
    private static final int PORT = LoopbackNet.PORT;
    private static final List<Buffer> RUBBISH = List.of(
            Buffer.buffer("GET / HTTP/1.1\r\n\r\n"),
            Buffer.buffer().appendInt(Integer.MAX_VALUE).appendLong(-1),
            // What a Java object stream begins with.
            Buffer.buffer(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0, 0, 0, 0}));

    private static ClusterKeys keys;
    private static ClusterKeys strange;

    private final LoopbackNet loopback = new LoopbackNet();
    private final String net = loopback.net;

    @BeforeAll
    static void derive() {
        keys = ClusterKeys.derive("a secret of the cluster");
        strange = ClusterKeys.derive("a secret of another one");
    }

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    @Test
    void nodesAnswerOneAnother() throws Exception {
        Cluster a = join(1);
        answer(a, "a");
        Cluster b = join(2, 1);
        answer(b, "b");
        assertThat(ask(b, "a")).isEqualTo("a");
        assertThat(ask(a, "b")).isEqualTo("b");
    }

    @Test
    void withoutASecretTheyDoToo() throws Exception {
        answer(join(1, Optional.empty()), "a");
        assertThat(ask(join(2, Optional.empty(), 1), "a")).isEqualTo("a");
    }

    @Test
    void anotherSecretIsRefusedAndNoSecondClusterBegun() throws Exception {
        join(1);
        assertThat(failure(() -> join(2, Optional.of(strange), 1)))
                .isEqualTo(
                        net + "1:7800 refused this node: check that cluster.secret (BERTH_CLUSTER_SECRET) is the same"
                                + " there");
    }

    @Test
    void aSecretThatOnlyOneOfThemHasIsRefused() throws Exception {
        join(1, Optional.empty());
        assertThat(failure(() -> join(2, 1))).contains("refused this node");
    }

    @Test
    void portsThatAreTakenAreNamed() throws Exception {
        Cluster other = join(9);
        await(taking(other).listen(PORT + 1, net + 1));
        assertThat(failure(() -> join(1))).startsWith("cluster.port (BERTH_CLUSTER_PORT): " + net + "1:7801 ");
        await(taking(other).listen(PORT, net + 2));
        assertThat(failure(() -> join(2))).startsWith("cluster.port (BERTH_CLUSTER_PORT): " + net + "2:7800 ");
        await(taking(other).listen(PORT + 3, net + 3));
        assertThat(failure(() -> join(3))).startsWith("cluster.port (BERTH_CLUSTER_PORT): " + net + "3:7803 ");
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        assertThat(failure(() -> loopback.join("192.0.2.1", Optional.of(keys), List.of())))
                .isEqualTo("cluster.host (BERTH_CLUSTER_HOST): 192.0.2.1 is not an address of this machine");
    }

    @Test
    void aNodeThatLeavesIsForgottenAtOnce() throws Exception {
        Cluster a = join(1);
        Cluster b = join(2, 1);
        answer(b, "b");
        await(b.leave());
        assertThat(ask(a, "b")).isEqualTo("no handlers");
    }

    @Test
    void listenersComeAndGo() throws Exception {
        Cluster a = join(1);
        Cluster b = join(2, 1);
        var consumer = a.vertx().eventBus().consumer("x", message -> message.reply("heard"));
        await(consumer.completion());
        assertThat(ask(b, "x")).isEqualTo("heard");
        await(consumer.unregister());
        assertThat(ask(b, "x")).isEqualTo("no handlers");
    }

    /** Local consumers hear their own node alone. */
    @Test
    void publishedMessagesReachAllNodesOnce() throws Exception {
        List<Cluster> all = List.of(join(1), join(2, 1), join(3, 1));
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        for (Cluster node : all) {
            await(node.vertx()
                    .eventBus()
                    .consumer("events", message -> heard.add("shared"))
                    .completion());
            await(node.vertx()
                    .eventBus()
                    .localConsumer("events", message -> heard.add("local"))
                    .completion());
        }
        all.get(0).vertx().eventBus().publish("events", "now");
        LoopbackNet.until(all.get(0), () -> heard.size() >= 4);
        assertThat(heard).containsExactlyInAnyOrder("shared", "shared", "shared", "local");
    }

    @Test
    void rubbishDisturbsNobody() throws Exception {
        Cluster a = join(1);
        answer(a, "a");
        Cluster b = join(2, 1);
        for (int port : List.of(PORT, PORT + 1, PORT + 3)) {
            // Who says nothing keeps it.
            await(b.vertx().createNetClient().connect(port, net + 1));
            for (Buffer rubbish : RUBBISH) {
                NetSocket socket = await(b.vertx().createNetClient().connect(port, net + 1));
                Future<Void> closed = Future.future(promise -> socket.closeHandler(promise::complete));
                socket.write(rubbish);
                await(closed);
            }
        }
        assertThat(ask(b, "a")).isEqualTo("a");
    }

    @Test
    void whoShowsNoCertificateIsNotLetIn() throws Exception {
        NetClientOptions stranger =
                new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
        Cluster a = join(1);
        for (int port : List.of(PORT, PORT + 1, PORT + 3)) {
            // It may be closed before this thread hears that it is open.
            await(a.vertx()
                    .createNetClient(stranger)
                    .connect(port, net + 1)
                    .compose(socket -> Future.future(promise -> socket.closeHandler(closed -> promise.complete()))));
        }
    }

    /** A process that stands still takes connections, by its kernel, and says nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeStartsWhileTheOnlyOtherStandsStill(boolean tls) throws Exception {
        try (ServerSocket still = new ServerSocket(PORT, 9, InetAddress.getByName(net + 1))) {
            assertThat(still.isBound()).isTrue();
            Cluster joined = join(2, tls ? Optional.of(keys) : Optional.empty(), 1);
            assertThat(joined.vertx().isClustered()).isTrue();
        }
    }

    @Test
    void nodesThatStartedAloneFindEachOther() throws Exception {
        Cluster a = join(1);
        Cluster b = join(2);
        answer(a, "a");
        answer(b, "b");
        assertThat(ask(a, "b")).isEqualTo("no handlers");
        a.addresses().set(List.of(new InetSocketAddress(net + 2, PORT)));
        LoopbackNet.until(a, () -> ask(a, "b").equals("b") && ask(b, "a").equals("a"));
    }

    @Test
    void aNodeThatLeftComesBack() throws Exception {
        List<Cluster> nodes = List.of(join(1), join(2, 1), join(3, 1, 2));
        answerEach(nodes);
        assertThat(directions(nodes)).isEqualTo(6);
        await(nodes.get(0).leave());
        assertThat(ask(nodes.get(1), "2")).isEqualTo("2");
        assertThat(ask(nodes.get(2), "0")).isEqualTo("no handlers");
        assertThat(ask(nodes.get(0), "2")).isEqualTo("no handlers");
        await(nodes.get(0).vertx().close());
        List<Cluster> again = List.of(join(1, 2, 3), nodes.get(1), nodes.get(2));
        answer(again.get(0), "0");
        LoopbackNet.until(again.get(0), () -> directions(again) == 6);
    }

    @Test
    void nothingIsLeftOfNodesThatLeave() throws Exception {
        join(1);
        join(2, 1);
        List<Thread> own = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(net))
                .toList();
        assertThat(own).isNotEmpty();
        loopback.leave();
        for (Thread thread : own) {
            thread.join(10_000);
        }
        assertThat(own).noneMatch(Thread::isAlive);
    }

    private static NetServer taking(Cluster by) {
        return by.vertx().createNetServer().connectHandler(NetSocket::close);
    }

    private static String failure(Callable<Cluster> join) {
        return catchThrowableOfType(ExecutionException.class, join::call)
                .getCause()
                .getMessage();
    }

    private Cluster join(int node, Integer... others) throws Exception {
        return loopback.join(node, Optional.of(keys), others);
    }

    private Cluster join(int node, Optional<ClusterKeys> of, Integer... others) throws Exception {
        return loopback.join(node, of, others);
    }

    private static void answer(Cluster node, String name) throws Exception {
        await(node.vertx()
                .eventBus()
                .consumer(name, message -> message.reply(name))
                .completion());
    }

    private static void answerEach(List<Cluster> nodes) throws Exception {
        for (int i = 0; i < nodes.size(); i++) {
            answer(nodes.get(i), Integer.toString(i));
        }
    }

    /** In how many of them a request is answered. */
    private static int directions(List<Cluster> nodes) throws Exception {
        int answered = 0;
        for (Cluster node : nodes) {
            for (int i = 0; i < nodes.size(); i++) {
                String name = Integer.toString(i);
                answered += node != nodes.get(i) && ask(node, name).equals(name) ? 1 : 0;
            }
        }
        return answered;
    }

    private static String ask(Cluster node, String name) throws Exception {
        return await(node.vertx()
                .eventBus()
                .<String>request(name, "?", new DeliveryOptions().setSendTimeout(5_000))
                .map(reply -> reply.body())
                .otherwise(e -> e.getMessage().startsWith("No handlers") ? "no handlers" : "no answer"));
    }
}

package dev.berth.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.AddressRange;
import dev.berth.config.EgressConfig;
import dev.berth.egress.Outcome.Kind;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Containment;
import dev.berth.protocol.Containment.ProxyRule;
import dev.berth.protocol.HostPatterns;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Chrome's way out lets through, with Java's own client of SOCKS5 in Chrome's place. */
class EgressProxyTest {
    private static final int WAIT_SECONDS = 30;
    private static final String FAR = "127.9.9.9";

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setPreferNativeTransport(true)
            .setAddressResolverOptions(new AddressResolverOptions()
                    .setQueryTimeout(200)
                    .setServers(List.of("127.0.0.1:9"))
                    .setHostsValue(
                            Buffer.buffer("127.0.0.1 site.example\n127.0.0.1 a.site.example\n127.0.0.1 other.example\n"
                                    + FAR + " far.example\n169.254.169.254 rebound.example\n127.0.0.1 localhost\n"))));
    private final Context context = vertx.getOrCreateContext();
    private MemoryBudget waiting = new MemoryBudget(1 << 20);
    private EgressProxies all = proxies(Optional.empty());
    private EgressProxy proxy;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private EgressProxies proxies(Optional<Path> blockList) {
        EgressConfig settings = new EgressConfig(true, true, List.of(), List.of(AddressRange.parse(FAR)), blockList);
        return new EgressProxies(
                vertx,
                new AddressPolicy(settings, Set::of, port -> all != null && all.isOwnPort(port)),
                settings,
                new NetClientOptions(),
                waiting);
    }

    private static Containment lists(Optional<String> allowed, String... blocked) {
        return new Containment(
                allowed.map(each -> HostPatterns.of("allowed", List.of(each.split(" ")))),
                HostPatterns.of("blocked", List.of(blocked)),
                false,
                List.of());
    }

    private void open(Containment containment) throws Exception {
        proxy = onLoop(() -> all.open());
        EgressPolicy policy = all.policy(containment);
        run(() -> proxy.adopt(policy));
    }

    /** All of a proxy happens on one event loop. */
    private <T> T onLoop(Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> work.get().onComplete(done));
        return await(done.future());
    }

    private void run(Runnable work) throws Exception {
        onLoop(() -> {
            work.run();
            return Future.succeededFuture();
        });
    }

    private int site(Handler<NetSocket> handler) throws Exception {
        return await(vertx.createNetServer().connectHandler(handler).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private int echo() throws Exception {
        return site(socket -> socket.handler(socket::write));
    }

    private Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", proxy.port())));
        socket.setSoTimeout(WAIT_SECONDS * 1_000);
        try {
            socket.connect(InetSocketAddress.createUnresolved(host, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Outcome last(String url) throws Exception {
        return onLoop(() -> Future.succeededFuture(proxy.last(url))).orElseThrow();
    }

    private Outcome refused(String host, int port) throws Exception {
        assertThatThrownBy(() -> connect(host, port)).isInstanceOf(SocketException.class);
        return last("http://" + host + ":" + port + "/");
    }

    private static String said(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    @Test
    void bytesGoBothWaysAndAreCounted() throws Exception {
        int port = echo();
        open(Containment.NONE);
        try (Socket socket = connect("site.example", port)) {
            assertThat(said(socket, "hello")).isEqualTo("hello");
        }
        try (Socket socket = connect("127.0.0.1", port)) {
            assertThat(said(socket, "again")).isEqualTo("again");
        }
        assertThat(last("http://site.example:" + port + "/x?y#z"))
                .isEqualTo(Outcome.connected(Optional.of("127.0.0.1:" + port)));
        assertThat(proxy.traffic().bytesIn()).isEqualTo(10);
        assertThat(proxy.traffic().bytesOut()).isEqualTo(10);
        assertThat(all.bytesIn() + all.bytesOut()).isEqualTo(20);
    }

    @Test
    void whatIsReachedIsJudgedByNameAndByAddress() throws Exception {
        int port = echo();
        open(lists(Optional.of("*.example localhost *.localhost 127.0.0.1 169.254.169.254"), "other.example"));
        connect("site.example", port).close();
        connect("any.localhost", port).close();
        assertThat(refused("other.example", port).rule()).hasValue(EgressRule.BLOCKED_DOMAINS);
        assertThat(refused("site.test", port).words())
                .isEqualTo("options.allowedDomains does not include site.test:" + port);
        assertThat(refused("far.example", port).words()).contains("far.example is denied by egress.deny");
        assertThat(refused("rebound.example", port).rule()).hasValue(EgressRule.METADATA);
        assertThat(refused("169.254.169.254", port).rule()).hasValue(EgressRule.METADATA);
        assertThat(refused("127.0.0.1", proxy.port()).rule()).hasValue(EgressRule.OWN_PORT);
        assertThat(refused("localhost", proxy.port()).rule()).hasValue(EgressRule.OWN_PORT);
        // As Chrome sends an address: as a name, without brackets.
        assertThatThrownBy(() -> connect("::ffff:a9fe:a9fe", port)).isInstanceOf(SocketException.class);
        assertThat(last("http://[::ffff:a9fe:a9fe]:" + port).rule()).hasValue(EgressRule.METADATA);
        assertThatThrownBy(() -> connect("::1", port)).isInstanceOf(SocketException.class);
        assertThat(last("http://[::1]:" + port).words()).contains("options.allowedDomains");
        assertThat(proxy.traffic().blocked()).isEqualTo(9);
        assertThat(all.blocked(EgressRule.METADATA)).isEqualTo(3);
    }

    @Test
    void whatFailsIsTold() throws Exception {
        int free;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = unused.getLocalPort();
        }
        open(Containment.NONE);
        assertThat(refused("site.example", free).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused("nobody.example", free).kind()).isEqualTo(Kind.UNKNOWN_HOST);
        assertThat(proxy.traffic().blocked()).isZero();
    }

    @Test
    void nothingIsReachedBeforeThereIsASession() throws Exception {
        int port = echo();
        proxy = onLoop(() -> all.open());
        assertThat(refused("site.example", port).rule()).hasValue(EgressRule.NO_SESSION);
    }

    @Test
    void aNewPolicyEndsWhatTheOldOneAllowed() throws Exception {
        int port = echo();
        open(Containment.NONE);
        try (Socket socket = connect("site.example", port)) {
            assertThat(said(socket, "hello")).isEqualTo("hello");
            EgressPolicy policy = all.policy(lists(Optional.empty(), "site.example"));
            run(() -> proxy.adopt(policy));
            assertThatThrownBy(() -> said(socket, "hello")).isInstanceOf(SocketException.class);
        }
        assertThat(refused("site.example", port).rule()).hasValue(EgressRule.BLOCKED_DOMAINS);
        assertThat(proxy.traffic().bytesIn()).isZero();
    }

    @Test
    void aTaskNarrowsItFurther() throws Exception {
        int port = echo();
        open(Containment.NONE);
        try (Socket stays = connect("a.site.example", port);
                Socket goes = connect("other.example", port)) {
            said(stays, "hello");
            said(goes, "hello");
            run(() -> proxy.restrict(HostPatterns.of("x", List.of("*.site.example"))));
            assertThat(said(stays, "hello")).isEqualTo("hello");
            assertThatThrownBy(() -> said(goes, "hello")).isInstanceOf(SocketException.class);
            assertThat(refused("other.example", port).rule()).hasValue(EgressRule.TASK_DOMAINS);
        }
    }

    @Test
    void atItsLimitOfTrafficNothingPassesAnyMore() throws Exception {
        int port = site(socket -> socket.handler(go -> socket.write(Buffer.buffer(new byte[100_000]))));
        open(Containment.NONE);
        run(() -> proxy.limit(50_000, "the session has had its 50 kB"));
        try (Socket socket = connect("site.example", port)) {
            socket.getOutputStream().write(1);
            assertThatThrownBy(() -> socket.getInputStream().readNBytes(100_000))
                    .isInstanceOf(SocketException.class);
        }
        Outcome outcome = refused("site.example", port);
        assertThat(outcome.rule()).hasValue(EgressRule.TRAFFIC);
        assertThat(outcome.words()).isEqualTo("the session has had its 50 kB");
    }

    @Test
    void theEndComesAfterAllBeforeIt() throws Exception {
        byte[] page = new byte[5_000_000];
        int port = site(
                socket -> socket.handler(go -> socket.write(Buffer.buffer(page)).onComplete(w -> socket.close())));
        open(Containment.NONE);
        try (Socket socket = connect("site.example", port)) {
            socket.getOutputStream().write(1);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isZero();
            assertThat(in.readAllBytes()).hasSize(page.length - 1);
        }
    }

    @Test
    void aBrokenConnectionIsNoEnd() throws Exception {
        try (ServerSocket site = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            open(Containment.NONE);
            try (Socket socket = connect("site.example", site.getLocalPort());
                    Socket served = site.accept()) {
                served.getOutputStream().write("half".getBytes(StandardCharsets.UTF_8));
                assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
                served.setSoLinger(true, 0);
                served.close();
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void whoReadsNothingHoldsUpTheSite() throws Exception {
        try (ServerSocket site = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            open(Containment.NONE);
            try (Socket socket = connect("site.example", site.getLocalPort());
                    Socket served = site.accept()) {
                long sent = fill(served);
                // Buffers of the operating system, on both ways, and little of Berth's.
                assertThat(sent).isLessThan(64 << 20);
                assertThat(waiting.usedBytes()).isBetween(1L, 1L << 19);
                assertThat(socket.getInputStream().readNBytes((int) sent)).hasSize((int) sent);
            }
        }
    }

    @Test
    void whoReadsNothingIsBrokenOffWhereTooMuchWaitsInTheNode() throws Exception {
        waiting = new MemoryBudget(10_000);
        all = proxies(Optional.empty());
        int port = site(socket -> socket.write(Buffer.buffer(new byte[20_000_000])));
        open(Containment.NONE);
        try (Socket socket = connect("site.example", port)) {
            assertThatThrownBy(() -> {
                        while (waiting.usedBytes() == 0 && all.openTunnels() > 0) {
                            Thread.onSpinWait();
                        }
                        socket.getInputStream().readNBytes(20_000_000);
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    /** How much can be written until there is no room. */
    private static long fill(Socket socket) throws Exception {
        AtomicLong sent = new AtomicLong();
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(new byte[65_536]);
                    sent.addAndGet(65_536);
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        writer.setDaemon(true);
        writer.start();
        long before = -1;
        while (before != sent.get()) {
            before = sent.get();
            writer.join(500);
        }
        return before;
    }

    @Test
    void onlyConnectionsAreMade() throws Exception {
        open(Containment.NONE);
        assertThat(answer(new byte[] {5, 1, 0}, new byte[] {5, 3, 0, 1, 127, 0, 0, 1, 0, 80}, 12))
                .startsWith(5, 0, 5, 7);
        // SOCKS4, HTTP, and a client that wants to authenticate itself.
        for (byte[] odd : List.of(
                new byte[] {4, 1, 0, 80, 127, 0, 0, 1, 0}, "GET / HTTP/1.1\r\n\r\n".getBytes(), new byte[] {5, 1, 2})) {
            assertThatThrownBy(() -> answer(odd, new byte[0], 2)).isInstanceOf(IOException.class);
        }
    }

    private byte[] answer(byte[] greeting, byte[] request, int bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
            socket.getOutputStream().write(greeting);
            socket.getOutputStream().write(request);
            byte[] answer = socket.getInputStream().readNBytes(bytes);
            if (answer.length == 0) {
                throw new IOException("it hung up");
            }
            return answer;
        }
    }

    @Test
    void moreThanItMayHaveAtOnceAreHungUpOn() throws Exception {
        open(Containment.NONE);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < EgressProxies.MAX_TUNNELS; i++) {
            sockets.add(new Socket("127.0.0.1", proxy.port()));
        }
        try (Socket beyond = new Socket("127.0.0.1", proxy.port())) {
            assertThat(beyond.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(all.openTunnels()).isEqualTo(EgressProxies.MAX_TUNNELS);
        assertThat(all.blocked(EgressRule.CONNECTIONS)).isEqualTo(1);
        int port = proxy.port();
        assertThat(all.isOwnPort(port)).isTrue();
        onLoop(proxy::close);
        assertThat(all.isOwnPort(port)).isFalse();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void whoSendsBeforeItIsAnsweredIsSentAway() throws Exception {
        open(Containment.NONE);
        try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
            socket.getOutputStream().write(new byte[] {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80, 'x'});
            assertThatThrownBy(() -> socket.getInputStream().readNBytes(3)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoLeavesWhileAHostIsDialledMakesNoRoomForAnother() throws Exception {
        Promise<NetSocket> silent = Promise.promise();
        int port = site(silent::complete);
        open(new Containment(
                Optional.empty(),
                HostPatterns.NONE,
                false,
                List.of(new ProxyRule(
                        HostPatterns.NONE,
                        Optional.of("http://127.0.0.1:" + port),
                        Optional.empty(),
                        Optional.empty()))));
        try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
            socket.getOutputStream().write(new byte[] {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80});
            await(silent.future());
        }
        // A round trip, so that the proxy has seen the client leave.
        refused("169.254.169.254", 80);
        assertThat(all.openTunnels()).isPositive();
        await(silent.future().result().close());
        await(vertx.executeBlocking(() -> {
            while (all.openTunnels() > 0) {
                Thread.onSpinWait();
            }
            return true;
        }));
    }

    @Test
    void adsAreWhatTheBlockListHas(@TempDir Path folder) throws Exception {
        Path file = Files.write(
                folder.resolve("list"),
                List.of(
                        "# \u00fcber alles",
                        "127.0.0.1 localhost",
                        "0.0.0.0 site.example # tracker",
                        "ads.example",
                        "",
                        "!x"));
        all = proxies(Optional.of(file));
        int port = echo();
        open(new Containment(Optional.empty(), HostPatterns.NONE, true, List.of()));
        assertThat(refused("a.site.example", port).words()).contains("its list includes site.example");
        assertThat(refused("ads.example", port).rule()).hasValue(EgressRule.BLOCK_ADS);
        connect("other.example", port).close();
        connect("localhost", port).close();
    }

    @Test
    void aSessionThatCanNotBeContainedIsRefused() {
        assertThatThrownBy(() -> all.policy(new Containment(Optional.empty(), HostPatterns.NONE, true, List.of())))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("options.blockAds")
                .hasMessageContaining("BERTH_EGRESS_BLOCK_LIST");
    }
}

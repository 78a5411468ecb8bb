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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that are reached by another proxy: only that one looks them up. */
class UpstreamTest {
    private static final int WAIT_SECONDS = 30;
    private static final String FAR = "127.9.9.9";
    private static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate.create("proxy.example");

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(new AddressResolverOptions()
                    .setQueryTimeout(200)
                    .setServers(List.of("127.0.0.1:9"))
                    .setHostsValue(Buffer.buffer("127.0.0.1 proxy.example other.example\n" + FAR + " far.example\n"))));
    private final EgressProxies all = proxies();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private EgressProxies proxies() {
        EgressConfig settings = new EgressConfig(true, true, List.of(), List.of(AddressRange.parse(FAR)));
        return new EgressProxies(
                vertx,
                new AddressPolicy(settings, Set::of, port -> false),
                settings,
                new NetClientOptions().setTrustOptions(CERTIFICATE.trustOptions()),
                new MemoryBudget(1 << 20));
    }

    private static Containment by(String server, String... credentials) {
        Queue<String> words = new ConcurrentLinkedQueue<>(List.of(credentials));
        ProxyRule rule = new ProxyRule(
                HostPatterns.NONE,
                Optional.of(server),
                Optional.ofNullable(words.poll()),
                Optional.ofNullable(words.poll()));
        return new Containment(Optional.empty(), HostPatterns.NONE, false, List.of(rule));
    }

    private Dialed dial(Containment containment, String name) throws Exception {
        Promise<Dialed> done = Promise.promise();
        HostName host = HostName.parse(name);
        EgressPolicy policy = all.policy(containment);
        vertx.getOrCreateContext()
                .runOnContext(now -> policy.refusal(host, 80)
                        .map(refused -> Future.succeededFuture(Dialed.failed(refused)))
                        .orElseGet(() -> all.dialer().dial(host, 80, policy.upstream(host, 80)))
                        .onComplete(done));
        return await(done.future());
    }

    private int proxy(HttpServerOptions options, int status) throws Exception {
        return await(vertx.createHttpServer(options)
                        .requestHandler(request -> answer(request, status))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private void answer(HttpServerRequest request, int status) {
        asked.add(request.method() + " " + request.authority() + " " + request.getHeader("Proxy-Authorization"));
        if (status == 200 && request.method() == HttpMethod.CONNECT) {
            request.toNetSocket().onSuccess(socket -> socket.write("hello"));
        } else {
            request.response().setStatusCode(status).end("no such luck");
        }
    }

    /** What the host says after the connection was made. */
    private String said(Dialed dialed) throws Exception {
        Promise<String> said = Promise.promise();
        Buffer text = dialed.first();
        NetSocket socket = dialed.socket().orElseThrow();
        vertx.getOrCreateContext().runOnContext(now -> {
            Runnable check = () -> {
                if (text.length() >= 5) {
                    said.tryComplete(text.toString());
                }
            };
            dialed.socket().get().readCompletionHandler(more -> check.run());
            dialed.socket().get().channelHandlerContext().channel().config().setAutoRead(true);
            check.run();
        });
        String whole = await(said.future());
        socket.close();
        return whole;
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_proxy.example", "proxy.1a", "[::1]", "127.0.0.1"})
    void aProxyMayHaveEachHostThatCanBeLookedUp(String host) {
        assertThat(Upstream.of(by("socks5://" + host).proxy().get(0)))
                .extracting(Upstream::scheme, proxy -> proxy.host().inUrl(), Upstream::port)
                .containsExactly("socks5", host.equals("[::1]") ? "[0:0:0:0:0:0:0:1]" : host, 1_080);
    }

    @Test
    void aProxyWhoseHostCanNotBeLookedUpIsRefused() {
        Containment containment = by("http://-proxy.example");
        assertThatThrownBy(() -> all.policy(containment))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("options.proxy.server must have a host that Berth can resolve");
    }

    @Test
    void anHttpProxyIsAskedForATunnelWithTheCredentials() throws Exception {
        int port = proxy(new HttpServerOptions(), 200);
        Dialed dialed = dial(by("http://proxy.example:" + port, "me", "pass:word"), "site.test");
        assertThat(dialed.outcome()).isEqualTo(Outcome.connected(Optional.empty()));
        assertThat(said(dialed)).isEqualTo("hello");
        assertThat(asked).containsExactly("CONNECT site.test:80 Basic bWU6cGFzczp3b3Jk");
    }

    @Test
    void anHttpsProxyMustHaveACertificateOfItsName() throws Exception {
        HttpServerOptions tls = new HttpServerOptions().setSsl(true).setKeyCertOptions(CERTIFICATE.keyCertOptions());
        int port = proxy(tls, 200);
        assertThat(said(dial(by("https://proxy.example:" + port), "site.test"))).isEqualTo("hello");
        Outcome other = dial(by("https://other.example:" + port), "site.test").outcome();
        assertThat(other.kind()).isEqualTo(Kind.REFUSED);
        assertThat(other.words())
                .contains("the proxy https://other.example:" + port, "does not have a trusted certificate");
    }

    @ParameterizedTest
    @ValueSource(ints = {407, 302, 502})
    void whatAnHttpProxyRefusesIsTold(int status) throws Exception {
        int port = proxy(new HttpServerOptions(), status);
        Outcome outcome = dial(by("http://proxy.example:" + port, "me", "secret"), "site.test")
                .outcome();
        assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
        assertThat(outcome.words()).endsWith("answered with status " + status).doesNotContain("secret", "me:");
    }

    @Test
    void aSocksProxyGetsTheNameAndTheCredentials() throws Exception {
        Queue<Buffer> came = new ConcurrentLinkedQueue<>();
        Queue<byte[]> answers = new ConcurrentLinkedQueue<>(List.of(
                new byte[] {5, 2}, new byte[] {1, 0}, new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'
                }));
        int port = await(vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(chunk -> {
                            came.add(chunk);
                            socket.write(Buffer.buffer(answers.remove()));
                        }))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        Dialed dialed = dial(by("socks5://proxy.example:" + port, "me", "secret"), "site.test");
        assertThat(dialed.outcome().kind()).isEqualTo(Kind.CONNECTED);
        assertThat(came).hasSize(3);
        came.remove();
        assertThat(came.remove().toString()).contains("me", "secret");
        assertThat(came.remove().toString()).contains("site.test");
    }

    @Test
    void whatASocksProxyRefusesIsTold() throws Exception {
        int port = await(vertx.createNetServer()
                        .connectHandler(socket -> socket.handler(chunk -> socket.write(
                                chunk.length() < 5
                                        ? Buffer.buffer(new byte[] {5, 0})
                                        : Buffer.buffer(new byte[] {5, 4, 0, 1, 0, 0, 0, 0, 0, 0}))))
                        .listen(0, "127.0.0.1"))
                .actualPort();
        Outcome outcome =
                dial(by("socks5://proxy.example:" + port), "site.test").outcome();
        assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
        assertThat(outcome.words()).contains("the proxy socks5://proxy.example:" + port, "HOST_UNREACHABLE");
    }

    @Test
    void aProxyIsJudgedAsAHostIs() throws Exception {
        assertThatThrownBy(() -> all.policy(by("http://169.254.169.254:80")))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("options.proxy.server")
                .hasMessageContaining("metadata");
        Outcome far = dial(by("http://far.example:80"), "site.test").outcome();
        assertThat(far.rule()).hasValue(EgressRule.ADDRESS);
        assertThat(far.words()).contains("the proxy http://far.example:80 of options.proxy", "egress.deny");
        assertThat(dial(by("http://nobody.invalid:80"), "site.test").outcome().kind())
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void addressesAreJudgedBehindAProxyToo() throws Exception {
        int port = proxy(new HttpServerOptions(), 200);
        Containment containment = by("http://proxy.example:" + port);
        assertThat(dial(containment, "169.254.169.254").outcome().rule()).hasValue(EgressRule.METADATA);
        assertThat(dial(containment, FAR).outcome().rule()).hasValue(EgressRule.ADDRESS);
        assertThat(asked).isEmpty();
    }
}

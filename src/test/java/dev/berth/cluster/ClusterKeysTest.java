package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class ClusterKeysTest {
    private static final String SECRET = "a secret of the cluster";
    private static final String OTHER = "a secret of the cluster.";
    private static final SSLEngineOptions JAVA = new JdkSSLEngineOptions();
    private static ClusterKeys keys;
    private static ClusterKeys others;
    private static ClusterKeys keysInJava;
    private static ClusterKeys othersInJava;

    /** One that nothing refers to closes its connections when garbage is collected. */
    private final List<HttpClient> clients = new ArrayList<>();

    private Vertx vertx;
    private HttpServer server;

    @BeforeAll
    static void derive() {
        keys = ClusterKeys.derive(SECRET);
        others = ClusterKeys.derive(OTHER);
        keysInJava = ClusterKeys.derive(SECRET, JAVA);
        othersInJava = ClusterKeys.derive(OTHER, JAVA);
    }

    /** Each request is answered, which a client hears only if the server let it in. */
    @BeforeEach
    void listen(Vertx vertx, VertxTestContext test) {
        this.vertx = vertx;
        server = vertx.createHttpServer(keys.server(new HttpServerOptions()));
        server.requestHandler(request -> request.response().end("in"));
        server.listen(0, "127.0.0.1").onComplete(test.succeedingThenComplete());
    }

    /** The default is twice as long, and connections that wait for TLS are not counted. */
    @Test
    void whoDoesNotCompleteTlsKeepsNoConnectionForLong() {
        for (TCPSSLOptions options : List.of(keys.server(new HttpServerOptions()), keys.bus(new EventBusOptions()))) {
            assertThat(options.getSslHandshakeTimeoutUnit().toSeconds(options.getSslHandshakeTimeout()))
                    .isLessThanOrEqualTo(5);
        }
    }

    /** Another version of Berth must derive the same: this number was computed once, and never changes. */
    @Test
    void theDerivationIsTheSameInAllVersions() throws Exception {
        X509Certificate certificate = certificate(keys);
        assertThat(HexFormat.of().formatHex(certificate.getSignature()))
                .isEqualTo("3045022100c4a2130f5b3c49caa58f224f519380a623e64acbef5e117d82aab064ee757474"
                        + "02201785fda8f6ebd039b73246c725867fc7415f07b29f6a0c2f4c6ab653db7529f3");
    }

    @Test
    void aServerLetsNobodyInWithoutACertificate(VertxTestContext test) {
        greeting(new HttpClientOptions().setSsl(true).setVerifyHost(false).setTrustAll(true))
                .onComplete(test.failingThenComplete());
    }

    /** On another system, or where libraries can't be unpacked, a node has the TLS of Java. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void nodesWithEitherTlsLetEachOtherInAndNobodyElse(boolean serverIsNative, boolean clientIsNative)
            throws Exception {
        ClusterKeys serving = serverIsNative ? keys : keysInJava;
        ClusterKeys calling = clientIsNative ? keys : keysInJava;
        ClusterKeys strange = clientIsNative ? others : othersInJava;
        server = await(vertx.createHttpServer(serving.server(new HttpServerOptions()))
                .requestHandler(request -> request.response().end("in"))
                .listen(0, "127.0.0.1"));
        assertThat(await(greeting(client(calling)))).isEqualTo("in");
        assertThat(refused(client(strange).setTrustOptions(keys.certificate().trusted())))
                .isTrue();
        assertThat(refused(client(calling).setTrustOptions(others.certificate().trusted())))
                .isTrue();
        assertThat(refused(client(calling).setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))))
                .isTrue();
    }

    private boolean refused(HttpClientOptions options) throws Exception {
        return await(greeting(options).transform(done -> Future.succeededFuture(done.failed())));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void onThisSystemTheNativeTlsIsUsed() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    /** In TLS 1.3 a client is connected before the server has judged its certificate. */
    private Future<String> greeting(HttpClientOptions options) {
        HttpClient client = vertx.createHttpClient(options);
        clients.add(client);
        return client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString);
    }

    private static HttpClientOptions client(ClusterKeys of) {
        return of.client(new HttpClientOptions());
    }

    private static PemKeyCertOptions pem(ClusterKeys of) {
        return (PemKeyCertOptions) of.certificate().shown();
    }

    private static X509Certificate certificate(ClusterKeys of) throws Exception {
        Buffer pem = pem(of).getCertValue();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.getBytes()));
    }
}

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.ByteArrayInputStream;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ClusterKeysTest {
    private static final String SECRET = "a secret of the cluster";
    private static ClusterKeys keys;
    private static ClusterKeys others;

    private Vertx vertx;
    private NetServer server;

    @BeforeAll
    static void derive() {
        keys = ClusterKeys.derive(SECRET);
        others = ClusterKeys.derive("a secret of the cluster.");
    }

    /** Each connection is greeted, which a client hears only if the server let it in. */
    @BeforeEach
    void listen(Vertx vertx, VertxTestContext test) {
        this.vertx = vertx;
        server = vertx.createNetServer(keys.server(new NetServerOptions()));
        server.connectHandler(socket -> socket.write("in"));
        server.listen(0, "127.0.0.1").onComplete(test.succeedingThenComplete());
    }

    @Test
    void everyNodeDerivesTheSame() {
        ClusterKeys again = ClusterKeys.derive(SECRET);
        assertThat(pem(again).getCertValue()).isEqualTo(pem(keys).getCertValue());
        assertThat(pem(again).getKeyValue()).isEqualTo(pem(keys).getKeyValue());
        assertThat(again.groupKey()).isEqualTo(keys.groupKey());
        assertThat(pem(others).getKeyValue()).isNotEqualTo(pem(keys).getKeyValue());
        assertThat(others.groupKey()).isNotEqualTo(keys.groupKey());
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
    void javaFindsTheCertificateSignedByItsOwnKey() throws Exception {
        X509Certificate certificate = certificate(keys);
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
    }

    @Test
    void nodesOfOneSecretLetEachOtherIn(VertxTestContext test) {
        greeting(client(keys))
                .onComplete(test.succeeding(text -> test.verify(() -> {
                    assertThat(text).isEqualTo("in");
                    test.completeNow();
                })));
    }

    @Test
    void aServerLetsNobodyInWithAnotherSecret(VertxTestContext test) {
        greeting(client(others).setTrustOptions(keys.certificate().trusted())).onComplete(test.failingThenComplete());
    }

    @Test
    void aServerLetsNobodyInWithoutACertificate(VertxTestContext test) {
        greeting(new NetClientOptions()
                        .setSsl(true)
                        .setHostnameVerificationAlgorithm("")
                        .setTrustAll(true))
                .onComplete(test.failingThenComplete());
    }

    @Test
    void aClientTalksToNobodyWithAnotherSecret(VertxTestContext test) {
        greeting(client(keys).setTrustOptions(others.certificate().trusted()))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).hasRootCauseInstanceOf(SignatureException.class);
                    test.completeNow();
                })));
    }

    /** In TLS 1.3 a client is connected before the server has judged its certificate. */
    private Future<String> greeting(NetClientOptions options) {
        return vertx.createNetClient(options)
                .connect(server.actualPort(), "127.0.0.1")
                .compose(socket -> Future.future(heard -> {
                    socket.handler(text -> heard.tryComplete(text.toString()));
                    socket.exceptionHandler(heard::tryFail);
                    socket.closeHandler(closed -> heard.tryFail("closed without a greeting"));
                }));
    }

    private static NetClientOptions client(ClusterKeys of) {
        return of.client(new NetClientOptions());
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

package dev.berth.cluster;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key pair, with its certificate for TLS, that all nodes of a cluster have. Both are derived from the cluster's secret alone, so that
 * nodes may start in any order. Immutable.
 */
public final class ClusterKeys {
    private static final Logger log = LoggerFactory.getLogger(ClusterKeys.class);
    /** TLS 1.3 encrypts the certificate: only the peer of a completed key exchange sees the public key. */
    private static final Set<String> TLS = Set.of("TLSv1.3");

    /**
     * Every peer that connects sees the public key, and could try secrets against the key: each try costs this many hashes, half a
     * second of a server that is started with config/jvm.options.
     */
    private static final int ROUNDS = 200_000;

    private static final byte[] SALT = utf8("berth cluster keys 1");
    private static final byte[] LABEL = utf8("tls");
    private static final String MAC = "HmacSHA384";
    private static final int MASTER_BYTES = 32;

    /** Limit for a TLS handshake: a stranger's connection is in no other count until then. */
    private static final long HANDSHAKE_SECONDS = 5;

    private final ClusterCertificate certificate;
    private final SSLEngineOptions engine;

    private ClusterKeys(byte[] master, SSLEngineOptions engine) throws GeneralSecurityException {
        this.engine = engine;
        Mac mac = Mac.getInstance(MAC);
        mac.init(new SecretKeySpec(master, MAC));
        certificate = ClusterCertificate.of(mac.doFinal(LABEL));
    }

    /** Takes up to a second of a processor: never on an event loop. */
    public static ClusterKeys derive(String secret) {
        return derive(secret, engine());
    }

    /**
     * BoringSSL where its library can be loaded: Java's own TLS takes as much of the processors as the rest of the way through a second
     * node, as config/jvm.options leaves out the compiler that knows the processor's instructions for AES. Either talks to the other.
     */
    private static SSLEngineOptions engine() {
        if (OpenSsl.isAvailable()) {
            return new OpenSSLEngineOptions();
        }
        log.info(
                "sockets through other nodes are slower, because BoringSSL can't be loaded: {}",
                OpenSsl.unavailabilityCause().toString());
        return new JdkSSLEngineOptions();
    }

    static ClusterKeys derive(String secret, SSLEngineOptions engine) {
        PBEKeySpec slow = new PBEKeySpec(secret.toCharArray(), SALT, ROUNDS, MASTER_BYTES * Byte.SIZE);
        try {
            return new ClusterKeys(
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(slow)
                            .getEncoded(),
                    engine);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java can't derive keys", e);
        } finally {
            slow.clearPassword();
        }
    }

    /** Lets only nodes of this cluster connect to the server that is made with {@code options}. */
    public <T extends NetServerOptions> T server(T options) {
        options.setClientAuth(ClientAuth.REQUIRED);
        return mutual(options);
    }

    /** Lets the client that is made with {@code options} talk to nodes of this cluster only, at whatever address. */
    public HttpClientOptions client(HttpClientOptions options) {
        return mutual(options).setVerifyHost(false);
    }

    /** Lets only nodes of this cluster connect to the event bus. The bus verifies no host names. */
    public EventBusOptions bus(EventBusOptions options) {
        return mutual(options).setClientAuth(ClientAuth.REQUIRED);
    }

    private <T extends TCPSSLOptions> T mutual(T options) {
        options.setSsl(true)
                .setKeyCertOptions(certificate.shown())
                .setTrustOptions(certificate.trusted())
                .setEnabledSecureTransportProtocols(TLS)
                .setSslEngineOptions(engine)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        return options;
    }

    ClusterCertificate certificate() {
        return certificate;
    }

    /** For sockets that are not Vert.x's, of which each has to be {@link #mutual(SSLParameters) made mutual}. */
    SSLContext context(Vertx vertx) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                certificate.shown().getKeyManagerFactory(vertx).getKeyManagers(),
                certificate.trusted().getTrustManagerFactory(vertx).getTrustManagers(),
                null);
        return context;
    }

    /** As a server: only nodes of this cluster can connect. As a client: only to them. */
    static SSLParameters mutual(SSLParameters parameters) {
        parameters.setProtocols(TLS.toArray(String[]::new));
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.berth.http;

import dev.berth.config.HttpConfig.Tls;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;

/** The server's certificate and key, in files that someone else renews while the server runs. Holds what was read last. */
final class TlsFiles {
    private static final int MAX_FILE_BYTES = 1 << 20;
    /** Limit for a handshake: a stranger's connection is in no other count until then. */
    private static final long HANDSHAKE_SECONDS = 10;

    private static final int STREAMS_PER_CONNECTION = 100;

    private final Vertx vertx;
    private final Tls files;
    private Pem last = new Pem(Buffer.buffer(), Buffer.buffer());

    private record Pem(Buffer certificate, Buffer key) {
        PemKeyCertOptions options() {
            return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
        }
    }

    TlsFiles(Vertx vertx, Tls files) {
        this.vertx = vertx;
        this.files = files;
    }

    /** Whether the files have other contents than when this was last asked. Fails where these can't be used. */
    Future<Boolean> changed() {
        return vertx.executeBlocking(
                () -> {
                    Pem now = new Pem(read(files.certificate()), read(files.key()));
                    if (now.equals(last)) {
                        return false;
                    }
                    last = now;
                    check(now);
                    return true;
                },
                true);
    }

    /** The key and certificate as they were read last. */
    PemKeyCertOptions options() {
        return last.options();
    }

    /** Makes a server speak TLS, and HTTP/2 with clients that know it. WebSockets come by HTTP/1.1. */
    HttpServerOptions secure(HttpServerOptions options) {
        return options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(options())
                // Java's own TLS is slow where config/jvm.options leaves out the compiler that knows AES.
                .setSslEngineOptions(OpenSsl.isAvailable() ? new OpenSSLEngineOptions() : new JdkSSLEngineOptions())
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS_PER_CONNECTION))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    private static Buffer read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw unusable(file + " has more than 1 MiB");
            }
            return Buffer.buffer(bytes);
        } catch (IOException e) {
            throw unusable(file + " can't be read: " + e);
        }
    }

    /** Vert.x takes a key that is not the certificate's, and each handshake would fail. */
    private void check(Pem pem) {
        boolean match;
        try {
            var managers = pem.options().getKeyManagerFactory(vertx).getKeyManagers();
            X509ExtendedKeyManager manager = (X509ExtendedKeyManager) managers[0];
            String alias = alias(manager);
            match = match(manager.getCertificateChain(alias)[0], manager.getPrivateKey(alias));
        } catch (Exception e) {
            throw unusable("they must be a certificate and a key in PEM: " + e.getMessage());
        }
        if (!match) {
            throw unusable("the key does not belong to the first certificate in its file");
        }
    }

    private static String alias(X509ExtendedKeyManager manager) {
        for (String kind : new String[] {"RSA", "EC", "EdDSA"}) {
            String[] aliases = manager.getServerAliases(kind, null);
            if (aliases != null) {
                return aliases[0];
            }
        }
        throw unusable("the key must be RSA or EC");
    }

    private static boolean match(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        byte[] some = {1};
        signature.initSign(key);
        signature.update(some);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(some);
        return signature.verify(signed);
    }

    private static BerthException unusable(String why) {
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "http.tls.cert and http.tls.key (BERTH_HTTP_TLS_CERT, BERTH_HTTP_TLS_KEY) can't be used: " + why);
    }
}

package dev.berth.cluster;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What encrypts between nodes: BoringSSL, whose share of a relayed round trip is small, where its library can be loaded, or else
 * Java's own TLS. The latter takes as much of the processors as the rest of the way through a second node, as config/jvm.options
 * leaves out the compiler that knows the processor's instructions for AES. Either talks to the other.
 */
final class TlsEngine {
    private static final Logger log = LoggerFactory.getLogger(TlsEngine.class);

    private TlsEngine() {}

    /** The first call loads the library: never on an event loop. */
    static SSLEngineOptions best() {
        return Best.ENGINE;
    }

    /** Chosen, and told of, once in a JVM. */
    private static final class Best {
        private static final SSLEngineOptions ENGINE = choose(OpenSsl.unavailabilityCause());
    }

    /** @param missing why there is no BoringSSL; null if there is */
    static SSLEngineOptions choose(Throwable missing) {
        if (missing == null) {
            return new OpenSSLEngineOptions();
        }
        log.info("sockets through other nodes are slower, since BoringSSL can't be loaded: {}", missing.toString());
        return new JdkSSLEngineOptions();
    }
}

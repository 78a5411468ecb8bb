package dev.berth.webhook;

import dev.berth.egress.EgressRefused;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * What users are told of a failure to send. Fixed words: those of exceptions have addresses that an inner DNS gave, and the beginning of
 * what something that is no web server says.
 */
final class SendFailure {
    private SendFailure() {}

    static String words(Throwable e) {
        if (e instanceof EgressRefused || e instanceof UnknownHostException) {
            // Berth's own words, about the host as its user gave it.
            return e.getMessage();
        } else if (e instanceof SSLException) {
            return "TLS failed: " + tls(e);
        } else if (e instanceof ConnectTimeoutException) {
            return "no connection in " + Sender.CONNECT_MILLIS / 1_000 + " s";
        } else if (e instanceof ConnectException) {
            return "the connection was refused";
        } else if (e instanceof SocketException) {
            return "the connection failed";
        }
        return "the connection ended without an answer in HTTP";
    }

    private static String tls(Throwable e) {
        if (has(e, NotSslRecordException.class)) {
            return "the receiver does not speak it";
        }
        return has(e, GeneralSecurityException.class)
                ? "the certificate is not trusted, or not for this host"
                : "the receiver did not finish the handshake";
    }

    private static boolean has(Throwable e, Class<? extends Throwable> cause) {
        return Stream.iterate(e, one -> one != null, Throwable::getCause).anyMatch(cause::isInstance);
    }
}

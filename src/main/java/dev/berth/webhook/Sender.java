package dev.berth.webhook;

import dev.berth.egress.Destinations;
import dev.berth.egress.EgressRefused;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a message to a receiver, on a connection of its own to an address that was judged. Follows no redirect, and shows nobody what
 * the receiver's body says: a webhook must not read what its user can't. Its futures complete in a bounded time, whatever a receiver does.
 */
final class Sender {
    private static final Logger log = LoggerFactory.getLogger(Sender.class);

    static final long TIMEOUT_MILLIS = 10_000;

    static final int CONNECT_MILLIS = 5_000;

    /**
     * Limit for the buffers of a body that are read, and not looked at, so that a receiver that writes a body in good order sees no broken
     * connection.
     */
    private static final int BODY_PARTS = 8;

    private static final long BODY_MILLIS = 1_000;

    private final Destinations destinations;
    private final InstantSource clock;
    private final long timeoutMillis;
    private final HttpClient client;

    Sender(Vertx vertx, Destinations destinations, InstantSource clock) {
        this(vertx, destinations, clock, TIMEOUT_MILLIS, new HttpClientOptions());
    }

    /** @param options with the certificates that are trusted */
    Sender(Vertx vertx, Destinations destinations, InstantSource clock, long timeoutMillis, HttpClientOptions options) {
        this.destinations = destinations;
        this.clock = clock;
        this.timeoutMillis = timeoutMillis;
        this.client = vertx.createHttpClient(
                new HttpClientOptions(options).setKeepAlive(false).setConnectTimeout(CONNECT_MILLIS),
                // Many webhooks may have one host: none waits there for another.
                new PoolOptions().setHttp1MaxSize(WebhookVerticle.MAX_IN_FLIGHT));
    }

    /**
     * The answer to a delivery.
     *
     * @param error empty where the receiver took it
     * @param refused whether it is not to be tried again: the URL itself, for example, is one that may not be called
     */
    record Answer(Optional<Integer> status, Optional<String> error, boolean refused) {
        private static Answer of(int status) {
            if (status >= 200 && status < 300) {
                return new Answer(Optional.of(status), Optional.empty(), false);
            }
            String why = status >= 300 && status < 400
                    ? "redirects are not followed: use the URL that the receiver redirects to"
                    : "the receiver answered with status " + status;
            return new Answer(Optional.of(status), Optional.of(why), false);
        }

        /** For what no other attempt would mend. */
        static Answer refused(String why) {
            return new Answer(Optional.empty(), Optional.of(why), true);
        }
    }

    /**
     * The answer for a failure to send, as users are told it. Fixed words: an exception's words have addresses that an inner DNS gave, and
     * the first bytes that a server which is no web server sends.
     */
    private Answer failed(Throwable e) {
        boolean refused = e instanceof EgressRefused refusal && refusal.lasting();
        return new Answer(Optional.empty(), Optional.of(words(e)), refused);
    }

    private String words(Throwable e) {
        if (e instanceof EgressRefused || e instanceof UnknownHostException) {
            // Berth's own words, about the host as its user gave it.
            return e.getMessage();
        } else if (e instanceof TimeoutException) {
            return "no answer in " + TimeUnit.MILLISECONDS.toSeconds(timeoutMillis) + " s";
        } else if (e instanceof SSLException) {
            return "TLS failed: " + tls(e);
        } else if (e instanceof ConnectTimeoutException) {
            return "no connection in " + Sender.CONNECT_MILLIS / 1_000 + " s";
        } else if (e instanceof ConnectException) {
            return "the connection was refused";
        } else if (e instanceof SocketException) {
            return "the connection failed";
        }
        return "the connection ended without an HTTP response";
    }

    private static String tls(Throwable e) {
        if (has(e, NotSslRecordException.class)) {
            return "the receiver does not speak TLS";
        }
        return has(e, GeneralSecurityException.class)
                ? "the certificate is not trusted, or not for this host"
                : "the receiver did not finish the handshake";
    }

    private static boolean has(Throwable e, Class<? extends Throwable> cause) {
        return Stream.iterate(e, one -> one != null, Throwable::getCause).anyMatch(cause::isInstance);
    }

    /** Never fails. Takes as long as the DNS, a connection and an answer may, each of which has its limit. */
    Future<Answer> send(DueDelivery due, byte[] body) {
        try {
            return send(ReceiverUrl.parse(due.url()), due, body);
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Answer.refused("url " + e.getMessage()));
        }
    }

    private Future<Answer> send(ReceiverUrl url, DueDelivery due, byte[] body) {
        return destinations
                .find(url.host(), url.port())
                .compose(to -> client.request(request(url, to)))
                .compose(request -> post(request, due, body))
                .map(this::answered)
                .onFailure(e -> log.debug("{} was not sent", due.deliveryId(), e))
                .otherwise(this::failed);
    }

    private RequestOptions request(ReceiverUrl url, InetAddress to) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                // The address that was judged; the host is for the header and the certificate.
                .setServer(SocketAddress.inetSocketAddress(url.port(), to.getHostAddress()))
                .setHost(url.host().inUrl())
                .setPort(url.port())
                .setSsl(url.tls())
                .setURI(url.path())
                // Runs until the head of the answer is complete: its parts do not prolong it.
                .setIdleTimeout(timeoutMillis);
    }

    private Future<HttpClientResponse> post(HttpClientRequest request, DueDelivery due, byte[] body) {
        Signatures.headers(due, clock.instant().getEpochSecond(), body).forEach(request::putHeader);
        return request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "Berth")
                .putHeader("X-Berth-Event", due.event())
                .putHeader("X-Berth-Delivery", due.deliveryId())
                .send(Buffer.buffer(body));
    }

    /** The status decides, whether or not the body ends. */
    private Answer answered(HttpClientResponse response) {
        response.pause().fetch(BODY_PARTS);
        response.end()
                .timeout(BODY_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(endless -> response.request().reset());
        return Answer.of(response.statusCode());
    }

    Future<Void> close() {
        return client.close();
    }
}

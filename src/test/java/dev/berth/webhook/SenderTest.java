package dev.berth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.AddressRange;
import dev.berth.config.EgressConfig;
import dev.berth.egress.AddressPolicy;
import dev.berth.egress.Destinations;
import dev.berth.history.webhook.DeliveryQueue.DueDelivery;
import dev.berth.webhook.Sender.Answer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt, against receivers of all kinds. */
class SenderTest {
    private static final byte[] BODY = "{\"event\":\"session.ended\"}".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-29T03:04:05.678Z");
    private static final long NEVER = 60_000;
    private static final long SOON = 1_000;

    /** A name, as the DNS would have it. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(
                    new AddressResolverOptions().setHostsValue(Buffer.buffer("127.0.0.1 localhost hooks.example"))));

    private final Queue<HttpServerRequest> came = new ConcurrentLinkedQueue<>();
    private final Queue<Buffer> bodies = new ConcurrentLinkedQueue<>();
    /** The client of a sender that nothing refers to is collected, and its request fails. */
    private final Queue<Sender> senders = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Sender sender(long timeoutMillis, HttpClientOptions options, String... denied) {
        EgressConfig settings = new EgressConfig(
                true,
                true,
                List.of(),
                List.of(denied).stream().map(AddressRange::parse).toList());
        AddressPolicy policy = new AddressPolicy(settings, Set::of, port -> false);
        Sender made = new Sender(vertx, new Destinations(vertx, policy), () -> NOW, timeoutMillis, options);
        senders.add(made);
        return made;
    }

    /** On an event loop, as the verticle sends: elsewhere, the end of a connection may be heard before the answer. */
    private Answer send(Sender sender, String url) throws Exception {
        Promise<Answer> answer = Promise.promise();
        vertx.getOrCreateContext().runOnContext(any -> delivered(sender, url).onComplete(answer));
        return await(answer.future());
    }

    private static Future<Answer> delivered(Sender sender, String url) {
        return sender.send(
                new DueDelivery(
                        "delivery-1",
                        "webhook-1",
                        url,
                        "a secret",
                        "session.ended",
                        NOW,
                        1,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                BODY);
    }

    private Answer send(long timeoutMillis, String url) throws Exception {
        return send(sender(timeoutMillis, new HttpClientOptions()), url);
    }

    private int receiver(Handler<HttpServerRequest> handler) throws Exception {
        return receiver(new HttpServerOptions(), handler);
    }

    /** The handler is called after the body: a server that answers and closes before loses its answer with the connection. */
    private int receiver(HttpServerOptions options, Handler<HttpServerRequest> handler) throws Exception {
        return await(vertx.createHttpServer(options)
                        .requestHandler(request -> {
                            came.add(request);
                            request.body().onSuccess(body -> {
                                bodies.add(body);
                                handler.handle(request);
                            });
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private int rawReceiver(Handler<NetSocket> handler) throws Exception {
        return await(vertx.createNetServer().connectHandler(handler).listen(0, "127.0.0.1"))
                .actualPort();
    }

    @Test
    void aMessageIsPostedWithItsSignature() throws Exception {
        int port = receiver(request -> request.response().setStatusCode(204).end());
        Answer answer = send(NEVER, "http://127.0.0.1:" + port + "/hook?a=1");
        assertThat(answer).isEqualTo(new Answer(Optional.of(204), Optional.empty(), false));
        assertThat(bodies.remove().getBytes()).isEqualTo(BODY);
        HttpServerRequest request = came.remove();
        assertThat(request.method().name()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/hook?a=1");
        assertThat(request.getHeader("Host")).isEqualTo("127.0.0.1:" + port);
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeader("X-Berth-Delivery")).isEqualTo("delivery-1");
        assertThat(request.getHeader("X-Berth-Event")).isEqualTo("session.ended");
        // printf '1795921445.{"event":"session.ended"}' | openssl dgst -sha256 -hmac 'a secret'
        assertThat(request.getHeader("X-Berth-Signature"))
                .isEqualTo("t=1795921445,v1=d102764159c20a1ceee21332a32604030c8dc7f28f8b8ad70257a5849861f1d8");
        assertThat(request.headers().names()).noneMatch(name -> name.startsWith("webhook-"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed(int status) throws Exception {
        int decoy = receiver(request -> request.response().end());
        int port = receiver(request -> request.response()
                .setStatusCode(status)
                .putHeader("Location", "http://127.0.0.1:" + decoy + "/")
                .end());
        Answer answer = send(NEVER, "http://127.0.0.1:" + port);
        assertThat(answer.status()).hasValue(status);
        assertThat(answer.error()).hasValueSatisfying(why -> assertThat(why).contains("redirects"));
        assertThat(came).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 429, 500, 503})
    void otherStatusesAreFailures(int status) throws Exception {
        int port = receiver(request -> request.response().setStatusCode(status).end("inner secrets"));
        Answer answer = send(NEVER, "http://127.0.0.1:" + port);
        assertThat(answer)
                .isEqualTo(new Answer(
                        Optional.of(status), Optional.of("the receiver answered with status " + status), false));
    }

    @Test
    void aReceiverThatAnswersSlowlyIsGivenUp() throws Exception {
        Promise<Void> closed = Promise.promise();
        int port = rawReceiver(socket -> {
            socket.write("HTTP/1.1 200 OK\r\n");
            long drip = vertx.setPeriodic(20, tick -> socket.write("X-Drip: 1\r\n"));
            socket.closeHandler(gone -> {
                vertx.cancelTimer(drip);
                closed.complete();
            });
        });
        assertThat(send(SOON, "http://127.0.0.1:" + port).error()).hasValue("no answer in 1 s");
        await(closed.future());
    }

    @Test
    void ofABodyWithoutEndLittleIsRead() throws Exception {
        Promise<Void> closed = Promise.promise();
        int port = rawReceiver(socket -> {
            socket.handler(request -> {
                socket.handler(rest -> {});
                socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                long flood = vertx.setPeriodic(1, tick -> socket.write("400\r\n" + "x".repeat(1_024) + "\r\n"));
                socket.closeHandler(gone -> {
                    vertx.cancelTimer(flood);
                    closed.complete();
                });
            });
        });
        assertThat(send(NEVER, "http://127.0.0.1:" + port).error()).isEmpty();
        await(closed.future());
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "500 Oops"})
    void theStatusDecidesThoughTheBodyDoesNotEnd(String status) throws Exception {
        Promise<Void> closed = Promise.promise();
        int port = rawReceiver(socket -> {
            socket.handler(request -> socket.write("HTTP/1.1 " + status + "\r\nContent-Length: 9\r\n\r\nnot"));
            socket.closeHandler(gone -> closed.complete());
        });
        Answer answer = send(SOON, "http://127.0.0.1:" + port);
        assertThat(answer.status()).hasValue(Integer.parseInt(status.substring(0, 3)));
        assertThat(answer.error().isEmpty()).isEqualTo(status.startsWith("200"));
        await(closed.future());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no HTTP at all\r\n\r\n", "HTTP/1.1 200 OK\r\nX: 1\r\n"})
    void aReceiverThatHangsUpIsAFailure(String says) throws Exception {
        int port = rawReceiver(socket -> socket.handler(request -> socket.end(Buffer.buffer(says))));
        Answer answer = send(NEVER, "http://127.0.0.1:" + port);
        assertThat(answer.error()).hasValue("the connection ended without an HTTP response");
        assertThat(answer.refused()).isFalse();
    }

    @Test
    void nothingIsToldOfANamesAddressNorOfWhatIsNoTls() throws Exception {
        Sender denying = sender(NEVER, new HttpClientOptions(), "127.0.0.0/8");
        assertThat(send(denying, "http://hooks.example:1").error())
                .hasValue("the address of hooks.example is denied by egress.deny (BERTH_EGRESS_DENY)");
        assertThat(send(NEVER, "http://hooks.example:1").error()).hasValue("the connection was refused");
        int port = rawReceiver(socket -> socket.handler(hello -> socket.end(Buffer.buffer("-ERR inner secrets\r\n"))));
        assertThat(send(NEVER, "https://hooks.example:" + port).error())
                .hasValue("TLS failed: the receiver does not speak TLS");
    }

    @Test
    void whatIsNotThereIsAFailure() throws Exception {
        assertThat(send(NEVER, "http://127.0.0.1:1/").error()).hasValue("the connection was refused");
        assertThat(send(NEVER, "http://not-there.invalid/").error())
                .hasValue("the host not-there.invalid can't be resolved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "LOCALHOST."})
    void anAddressThatMayNotBeDialledIsNotDialled(String host) throws Exception {
        int port = receiver(request -> request.response().end());
        Answer answer =
                send(sender(NEVER, new HttpClientOptions(), "127.0.0.0/8", "::1"), "http://" + host + ":" + port);
        // A name may have another address at the next attempt.
        assertThat(answer.refused()).isEqualTo(!host.toLowerCase(Locale.ROOT).startsWith("localhost"));
        assertThat(answer.error()).hasValueSatisfying(why -> assertThat(why).contains("is denied by egress.deny"));
        assertThat(came).isEmpty();
    }

    @Test
    void aCertificateMustBeTrustedAndHaveTheName() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("hooks.example");
        int port = receiver(
                new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(certificate.keyCertOptions()),
                request -> request.response().end(request.connection().indicatedServerName()));
        HttpClientOptions trusting = new HttpClientOptions().setTrustOptions(certificate.trustOptions());
        String untrusted = "TLS failed: the certificate is not trusted, or not for this host";
        assertThat(send(NEVER, "https://hooks.example:" + port).error()).hasValue(untrusted);
        assertThat(send(sender(NEVER, trusting), "https://127.0.0.1:" + port).error())
                .hasValue(untrusted);
        assertThat(send(sender(NEVER, trusting), "https://localhost:" + port).error())
                .hasValue(untrusted);
        assertThat(came).isEmpty();
        assertThat(send(sender(NEVER, trusting), "https://hooks.example:" + port)
                        .error())
                .isEmpty();
        HttpServerRequest request = came.remove();
        assertThat(request.connection().indicatedServerName()).isEqualTo("hooks.example");
        assertThat(request.getHeader("Host")).isEqualTo("hooks.example:" + port);
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A user's server that webhooks call, on the Vert.x of a test, which closes it. */
final class WebhookReceiver {
    private final Vertx vertx;
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();

    WebhookReceiver(Vertx vertx) {
        this.vertx = vertx;
    }

    /** A request to the receiver. */
    record Received(String delivery, String event, String signature, Buffer body) {
        JsonObject json() {
            return body.toJsonObject();
        }

        /** As a receiver would see it, by the text of the contract alone. */
        boolean isSigned(String secret) throws Exception {
            String[] parts = signature.split("[=,]");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] text = (parts[1] + "." + body.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(mac.doFinal(text)).equals(parts[3])
                    && Math.abs(System.currentTimeMillis() / 1_000 - Long.parseLong(parts[1])) < 300;
        }
    }

    /** The body of a request for a webhook that calls this port. */
    static JsonObject request(int port, String... events) {
        return new JsonObject()
                .put("url", "http://127.0.0.1:" + port + "/hook")
                .put("events", new JsonArray(List.of(events)));
    }

    static JsonObject make(Api api, JsonObject request) {
        Api.Answer made = api.post("/api/webhooks", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    /**
     * Begins to listen; gives the port.
     *
     * @param port 0: any that is free
     */
    int listen(int port) {
        return Berth.await(
                        vertx.createHttpServer().requestHandler(this::receive).listen(port, "127.0.0.1"))
                .actualPort();
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            received.add(new Received(
                    request.getHeader("X-Berth-Delivery"),
                    request.getHeader("X-Berth-Event"),
                    request.getHeader("X-Berth-Signature"),
                    body));
            request.response()
                    .setStatusCode(failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 500 : 200)
                    .end();
        });
    }

    /** Refuses the next requests. */
    void refuse(int count) {
        failures.set(count);
    }

    /** The request of this event by number, from 1 on. */
    Received await(String event, int number) {
        return Api.await(
                        () -> received.stream()
                                .filter(one -> one.event().equals(event))
                                .toList(),
                        all -> all.size() >= number)
                .get(number - 1);
    }

    /** The request of this event about this session. */
    Received await(String event, String session) {
        String id = session.substring(session.lastIndexOf('/') + 1);
        return Api.await(
                        () -> received.stream()
                                .filter(one -> one.event().equals(event)
                                        && id.equals(one.json().getString("sessionId")))
                                .toList(),
                        all -> !all.isEmpty())
                .get(0);
    }
}

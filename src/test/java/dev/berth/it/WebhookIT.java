package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users' servers are told of events, as a user sees it from outside. */
@Order(1)
class WebhookIT {
    private final Vertx vertx = Vertx.vertx();
    private final Api api = new Api(Berth.shared().server.url(), Berth.shared().keyOf("webhooks"));
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final Path folder = Berth.temporaryFolder();

    /** A request to the receiver. */
    private record Received(String delivery, String event, String signature, Buffer body) {
        JsonObject json() {
            return body.toJsonObject();
        }
    }

    @AfterEach
    void removeAll() throws Exception {
        for (Object webhook : api.get("/api/webhooks").list("webhooks")) {
            api.delete("/api/webhooks/" + ((JsonObject) webhook).getString("webhookId"));
        }
        Berth.await(vertx.close());
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    private HttpServer receiver(int port) {
        return Berth.await(
                vertx.createHttpServer().requestHandler(this::receive).listen(port, "127.0.0.1"));
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

    private static JsonObject request(int port, String... events) {
        return new JsonObject()
                .put("url", "http://127.0.0.1:" + port + "/hook")
                .put("events", new JsonArray(List.of(events)));
    }

    private static JsonObject make(Api api, JsonObject request) {
        Api.Answer made = api.post("/api/webhooks", request);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private Received awaitReceived(String event, int number) {
        return Api.await(
                        () -> received.stream()
                                .filter(one -> one.event().equals(event))
                                .toList(),
                        all -> all.size() >= number)
                .get(number - 1);
    }

    /** As a receiver would, by the text of the contract alone. */
    private static boolean isSigned(Received received, String secret) throws Exception {
        String[] parts = received.signature().split("[=,]");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] text =
                (parts[1] + "." + received.body().toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(mac.doFinal(text)).equals(parts[3])
                && Math.abs(System.currentTimeMillis() / 1_000 - Long.parseLong(parts[1])) < 300;
    }

    private static Api.Answer awaitState(Api api, String webhook, String state) {
        return api.await(
                webhook + "/deliveries",
                answer -> answer.list("deliveries").stream()
                        .map(JsonObject.class::cast)
                        .anyMatch(one -> one.getString("state").equals(state)));
    }

    @Test
    void theLifeOfASessionIsToldAndSigned() throws Exception {
        int port = receiver(0).actualPort();
        JsonObject made = make(api, request(port, "session.created", "session.started", "session.ended"));
        assertThat(made.getBoolean("active")).isTrue();
        assertThat(made.getString("secret")).hasSize(64);
        String webhook = "/api/webhooks/" + made.getString("webhookId");
        assertThat(api.get(webhook).json().containsKey("secret")).isFalse();
        assertThat(api.get("/api/webhooks").text()).doesNotContain(made.getString("secret"));

        String session = api.newSession(new JsonObject().put("metadata", new JsonObject().put("mine", "yes")));
        api.delete(session);
        String id = session.substring(session.lastIndexOf('/') + 1);
        Received ended = Api.await(
                        () -> received.stream()
                                .filter(one -> one.json().getString("sessionId").equals(id))
                                .filter(one -> one.event().equals("session.ended"))
                                .toList(),
                        all -> !all.isEmpty())
                .get(0);
        assertThat(isSigned(ended, made.getString("secret"))).isTrue();
        assertThat(isSigned(ended, "another secret")).isFalse();
        JsonObject told = ended.json();
        assertThat(told.getString("deliveryId")).isEqualTo(ended.delivery());
        assertThat(told.getJsonObject("session").getString("status")).isEqualTo("completed");
        assertThat(told.getJsonObject("session").getString("endReason")).isEqualTo("client");
        assertThat(told.getJsonObject("session").getJsonObject("metadata").getString("mine"))
                .isEqualTo("yes");
        JsonObject links = told.getJsonObject("links");
        for (String kept :
                List.of("session", "report", "artifacts", "actions", "console", "network", "har", "export")) {
            assertThat(links.getString(kept)).startsWith(Berth.shared().server.url() + session);
            String path =
                    links.getString(kept).substring(Berth.shared().server.url().length());
            assertThat(api.get(path).status()).as(kept).isEqualTo(200);
        }
        awaitReceived("session.created", 1);
        awaitReceived("session.started", 1);
        Api.Answer listed = awaitState(api, webhook, "delivered");
        assertThat(listed.json().getInteger("total")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void whatAReceiverRefusesComesAgainAndCanBeReplayed() throws Exception {
        int port = receiver(0).actualPort();
        JsonObject made = make(api, request(port, "session.ended").put("secret", "a-secret-of-my-own"));
        String webhook = "/api/webhooks/" + made.getString("webhookId");
        failures.set(1);
        Api.Answer test = api.post(webhook + "/test");
        assertThat(test.status()).isEqualTo(202);
        Received first = awaitReceived("webhook.test", 1);
        Api.Answer waiting =
                api.await(webhook + "/deliveries", answer -> answer.text().contains("status 500"));
        JsonObject delivery = waiting.list("deliveries").getJsonObject(0);
        assertThat(delivery.getString("state")).isEqualTo("pending");
        assertThat(delivery.getInteger("lastStatus")).isEqualTo(500);
        assertThat(delivery.getString("nextAttemptAt")).isNotNull();

        Berth.shared()
                .postgres("update webhook_deliveries set next_attempt_at = now() where delivery_id = '"
                        + delivery.getString("deliveryId") + "' and next_attempt_at < now() + interval '11 seconds'");
        Received second = awaitReceived("webhook.test", 2);
        assertThat(second.delivery())
                .isEqualTo(first.delivery())
                .isEqualTo(test.json().getString("deliveryId"));
        assertThat(isSigned(second, "a-secret-of-my-own")).isTrue();
        awaitState(api, webhook, "delivered");

        String replay = webhook + "/deliveries/" + first.delivery() + "/replay";
        assertThat(api.post(replay).status()).isEqualTo(200);
        assertThat(awaitReceived("webhook.test", 3).delivery()).isEqualTo(first.delivery());
        assertThat(api.post(webhook + "/deliveries/delivery-unknown/replay").status())
                .isEqualTo(404);
        assertThat(api.delete(webhook).status()).isEqualTo(200);
        assertThat(api.get(webhook).status()).isEqualTo(404);
        assertThat(api.post(replay).status()).isEqualTo(404);
    }

    @Test
    void whatWasRecordedIsToldAfterAKill() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String postgres = "BERTH_POSTGRES_URI=" + Berth.newDatabase();
        ServerProcess first = ServerProcess.start(folder, postgres);
        JsonObject made = make(first.api(), request(port, "session.created", "session.ended"));
        String session = first.api().newSession();
        // A kill during the attempt would leave the delivery claimed for a minute.
        first.api()
                .await(
                        "/api/webhooks/" + made.getString("webhookId") + "/deliveries",
                        answer -> answer.list("deliveries").stream()
                                .anyMatch(one -> ((JsonObject) one).getInteger("attempts") == 1));
        first.process.destroyForcibly().waitFor();
        receiver(port);
        ServerProcess second = ServerProcess.start(folder, postgres);
        // The first was never delivered, as nobody listened; the second is that the kill ended the session.
        Received created = awaitReceived("session.created", 1);
        Received ended = awaitReceived("session.ended", 1);
        assertThat(isSigned(created, made.getString("secret"))).isTrue();
        assertThat(session).endsWith(ended.json().getString("sessionId"));
        assertThat(ended.json().getJsonObject("session").getString("endReason")).isEqualTo("node_lost");
        Api.await(
                () -> second.api()
                        .get("/api/webhooks/" + made.getString("webhookId") + "/deliveries")
                        .list("deliveries"),
                all -> all.stream()
                        .allMatch(one -> ((JsonObject) one).getString("state").equals("delivered")));
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data/, metadata",
        "http://0xa9fea9fe/, metadata",
        "http://[::ffff:a9fe:a9fe]/, metadata",
        "http://0.0.0.0:9/, no address of one machine",
        "ftp://example.com/, must begin with",
        "https://ann:secret@example.com/, user name",
        "http://127.0.0.1:OWN/, Berth itself",
        "http://[::1]:OWN/, Berth itself"
    })
    void someAddressesAreRefused(String url, String why) {
        String own = Berth.shared().server.url().replaceFirst(".*:", "");
        Api.Answer answer =
                api.post("/api/webhooks", request(9, "session.ended").put("url", url.replace("OWN", own)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().getString("message")).startsWith("url ").contains(why);
    }

    @Test
    void aNameThatResolvesToAnAddressThatIsRefusedIsNotCalled() {
        String own = Berth.shared().server.url().replaceFirst(".*:", "");
        JsonObject made =
                make(api, request(9, "session.ended").put("url", "http://localhost:" + own + "/api/admin/drain"));
        String webhook = "/api/webhooks/" + made.getString("webhookId");
        api.post(webhook + "/test");
        JsonObject refused = api.await(
                        webhook + "/deliveries", answer -> answer.text().contains("Berth itself"))
                .list("deliveries")
                .getJsonObject(0);
        assertThat(refused.getString("lastError")).contains("localhost").doesNotContain("127.0.0.1", "::1");
        assertThat(refused.getString("state")).isEqualTo("pending");
        assertThat(refused.getInteger("lastStatus")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"url\":\"http://127.0.0.1:9/\"}', events",
        "'{\"events\":[\"session.ended\"]}', url",
        "'{\"url\":\"http://127.0.0.1:9/\",\"events\":[]}', events",
        "'{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"session.eaten\"]}', events",
        "'{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"session.ended\"],\"secret\":\"short\"}', secret",
        "'{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"session.ended\"],\"colour\":1}', colour"
    })
    void badRequestsNameTheField(String body, String field) {
        Api.Answer answer = api.post("/api/webhooks", new JsonObject(body));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().getString("message")).contains(field);
    }
}

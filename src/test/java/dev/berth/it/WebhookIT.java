package dev.berth.it;

import static dev.berth.it.WebhookReceiver.make;
import static dev.berth.it.WebhookReceiver.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.WebhookReceiver.Received;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
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
    private final WebhookReceiver receiver = new WebhookReceiver(vertx);

    @AfterEach
    void removeAll() {
        for (Object webhook : api.get("/api/webhooks").list("webhooks")) {
            api.delete("/api/webhooks/" + ((JsonObject) webhook).getString("webhookId"));
        }
        Berth.await(vertx.close());
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
        int port = receiver.listen(0);
        JsonObject made =
                make(api, request(port, "session.created", "session.started", "session.ended", "session.updated"));
        assertThat(made.getBoolean("active")).isTrue();
        assertThat(made.getString("secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
        String webhook = "/api/webhooks/" + made.getString("webhookId");
        assertThat(api.get(webhook).json().containsKey("secret")).isFalse();
        assertThat(api.get("/api/webhooks").text()).doesNotContain(made.getString("secret"));

        String session = api.newSession(new JsonObject().put("metadata", new JsonObject().put("mine", "yes")));
        api.delete(session);
        Received ended = receiver.await("session.ended", session);
        assertThat(ended.isSigned(made.getString("secret"))).isTrue();
        assertThat(ended.isSigned("another secret")).isFalse();
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
        receiver.await("session.created", 1);
        receiver.await("session.started", 1);
        api.patch(session, new JsonObject().put("outcome", "failed"));
        assertThat(receiver.await("session.updated", session)
                        .json()
                        .getJsonObject("session")
                        .getString("outcome"))
                .isEqualTo("failed");
        Api.Answer listed = awaitState(api, webhook, "delivered");
        assertThat(listed.json().getInteger("total")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void whatAReceiverRefusesComesAgainAndCanBeReplayed() throws Exception {
        int port = receiver.listen(0);
        JsonObject made = make(api, request(port, "session.ended").put("secret", "a-secret-of-my-own"));
        String webhook = "/api/webhooks/" + made.getString("webhookId");
        receiver.refuse(1);
        Api.Answer test = api.post(webhook + "/test");
        assertThat(test.status()).isEqualTo(202);
        Received first = receiver.await("webhook.test", 1);
        Api.Answer waiting =
                api.await(webhook + "/deliveries", answer -> answer.text().contains("status 500"));
        JsonObject delivery = waiting.list("deliveries").getJsonObject(0);
        assertThat(delivery.getString("state")).isEqualTo("retrying");
        assertThat(api.get(webhook).json().getJsonObject("lastFailure")).isEqualTo(delivery);
        assertThat(delivery.getInteger("lastStatus")).isEqualTo(500);
        assertThat(delivery.getString("nextAttemptAt")).isNotNull();

        Berth.shared()
                .postgres("update webhook_deliveries set next_attempt_at = now() where delivery_id = '"
                        + delivery.getString("deliveryId") + "' and next_attempt_at < now() + interval '11 seconds'");
        Received second = receiver.await("webhook.test", 2);
        assertThat(second.delivery())
                .isEqualTo(first.delivery())
                .isEqualTo(test.json().getString("deliveryId"));
        assertThat(second.isSigned("a-secret-of-my-own")).isTrue();
        awaitState(api, webhook, "delivered");

        String replay = webhook + "/deliveries/" + first.delivery() + "/replay";
        assertThat(api.post(replay).status()).isEqualTo(200);
        assertThat(receiver.await("webhook.test", 3).delivery()).isEqualTo(first.delivery());
        assertThat(api.post(webhook + "/deliveries/delivery-unknown/replay").status())
                .isEqualTo(404);
        assertThat(api.delete(webhook).status()).isEqualTo(200);
        assertThat(api.get(webhook).status()).isEqualTo(404);
        assertThat(api.post(replay).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "http://169.254.169.254/latest/meta-data/, metadata",
        "http://0xa9fea9fe/, metadata",
        "http://[::ffff:a9fe:a9fe]/, metadata",
        "http://0.0.0.0:9/, not the address of one machine",
        "ftp://example.com/, must begin with",
        "https://ann:secret@example.com/, user name",
        "http://127.0.0.1:OWN/, belongs to Berth",
        "http://[::1]:OWN/, belongs to Berth"
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
                        webhook + "/deliveries", answer -> answer.text().contains("belongs to Berth"))
                .list("deliveries")
                .getJsonObject(0);
        assertThat(refused.getString("lastError")).contains("localhost").doesNotContain("127.0.0.1", "::1");
        assertThat(refused.getString("state")).isEqualTo("retrying");
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

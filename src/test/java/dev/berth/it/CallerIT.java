package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client learns about the user of its key. */
class CallerIT {
    private final Berth berth = Berth.shared();
    private final TestSite site = berth.site;

    @Test
    void aKeyTellsWhoseItIsAndWhatMayBeAskedFor() {
        JsonObject me = berth.api().get("/api/me").json();
        assertThat(me.getString("user")).isEqualTo("default");
        assertThat(me.getBoolean("admin")).isTrue();
        assertThat(me.getString("version")).isEqualTo("0.1.0");
        assertThat(me.getString("machineId")).isEqualTo(berth.server.machineId());
        assertThat(me.getBoolean("aiConfigured")).isFalse();
        JsonObject limits = me.getJsonObject("limits");
        assertThat(limits.getLong("maxLifetimeMillis"))
                .isEqualTo(berth.server.config().sessions().maxLifetimeMillis());
        assertThat(limits.getInteger("maxSessions"))
                .isEqualTo(berth.server.config().sessions().max());
    }

    @Test
    void sessionsAreCountedOnTheDayOfTheirCreation() {
        Api api = new Api(berth.server.url(), berth.keyOf("uma"));
        LocalDate before = LocalDate.now(ZoneOffset.UTC);
        String session = api.newSession();
        assertThat(api.delete(session).status()).isEqualTo(200);
        JsonArray days = api.get("/api/usage?days=3").list("days");
        assertThat(days).hasSize(3);
        // The day may change meanwhile.
        List<JsonObject> used = days.stream()
                .map(JsonObject.class::cast)
                .filter(day -> day.getInteger("sessions") > 0)
                .toList();
        assertThat(used).hasSize(1);
        assertThat(used.get(0).getString("date"))
                .isBetween(before.toString(), before.plusDays(1).toString());
        assertThat(used.get(0).getInteger("sessions")).isEqualTo(1);
        assertThat(used.get(0).getInteger("failed")).isZero();
        assertThat(used.get(0).getDouble("browserHours")).isPositive();
        assertThat(used.get(0).getDouble("aiUsd")).isZero();
        assertThat(api.get("/api/usage").list("days")).hasSize(30);
        assertThat(api.get("/api/usage?days=367").status()).isEqualTo(400);
    }

    @Test
    void aKeyHasLimitsAndAnAdminReadsWhatItUsed() {
        JsonObject limits = new JsonObject().put("createsPerMinute", 1).put("trafficMibPerMonth", 1);
        JsonObject key = berth.api()
                .post(
                        "/api/admin/keys",
                        new JsonObject()
                                .put("user", "tess")
                                .put("name", "laptop")
                                .put("limits", limits))
                .json();
        Api api = new Api(berth.server.url(), key.getString("key"));
        String session = api.newSession();
        Api.Answer refused = api.post("/api/sessions");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("message")).startsWith("limits.createsPerMinute: 1; ");
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        String large = site.page("x".repeat(2 << 20));
        api.navigate(session, site.page("first"));
        // All of it where its limit is not known yet, else the first half.
        api.evaluate(session, "fetch('" + large + "').then(page => page.text()).then(all => 1, cut => 2)");
        String next = site.page("next");
        JsonObject navigate = new JsonObject().put("url", next);
        // What is left of the month is known when the session's row is written.
        Api.await(() -> api.post(session + "/navigate", navigate), answer -> answer.status() == 422);
        assertThat(api.get(session + "/network?limit=100").text()).contains("limits.trafficMibPerMonth");
        assertThat(api.delete(session).status()).isEqualTo(200);
        JsonObject traffic = api.get(session).json().getJsonObject("traffic");
        // The limit counts both ways.
        assertThat(traffic.getLong("bytesIn") + traffic.getLong("bytesOut")).isGreaterThanOrEqualTo(1 << 20);
        assertThat(traffic.getLong("blocked")).isPositive();
        assertThat(api.get("/api/sessions?includeTerminated=true")
                        .list("sessions")
                        .getJsonObject(0)
                        .getJsonObject("traffic"))
                .isEqualTo(traffic);
        JsonObject used = berth.api()
                .get("/api/admin/usage?user=tess&keyId=" + key.getLong("keyId"))
                .list("usage")
                .getJsonObject(0);
        assertThat(used.getString("name")).isEqualTo("laptop");
        assertThat(used.getLong("bytesIn")).isEqualTo(traffic.getLong("bytesIn"));
        assertThat(used.getLong("storedBytes")).isPositive();
        assertThat(api.get("/api/admin/usage").status()).isEqualTo(403);
        assertThat(berth.api().get("/api/admin/usage?from=2026-02-30").status()).isEqualTo(400);
        berth.api()
                .patch(
                        "/api/admin/keys/" + key.getLong("keyId"),
                        new JsonObject().put("limits", new JsonObject().put("requestsPerSecond", 1)));
        Api.Answer many = api.await("/api/me", answer -> answer.status() == 429);
        assertThat(many.error().getString("message")).startsWith("limits.requestsPerSecond: 1; ");
        berth.api().await("/api/me", answer -> answer.status() == 200);
    }

    @Test
    void anotherUsersKeyIsNoAdmins() {
        JsonObject me =
                new Api(berth.server.url(), berth.keyOf("cara")).get("/api/me").json();
        assertThat(me.getString("user")).isEqualTo("cara");
        assertThat(me.getBoolean("admin")).isFalse();
        assertThat(new Api(berth.server.url(), "no-key-at-all").get("/api/me").status())
                .isEqualTo(401);
    }
}

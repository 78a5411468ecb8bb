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
    void anotherUsersKeyIsNoAdmins() {
        JsonObject me =
                new Api(berth.server.url(), berth.keyOf("cara")).get("/api/me").json();
        assertThat(me.getString("user")).isEqualTo("cara");
        assertThat(me.getBoolean("admin")).isFalse();
        assertThat(new Api(berth.server.url(), "no-key-at-all").get("/api/me").status())
                .isEqualTo(401);
    }
}

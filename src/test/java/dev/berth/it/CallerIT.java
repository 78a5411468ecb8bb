package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
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
    void anotherUsersKeyIsNoAdmins() {
        JsonObject me =
                new Api(berth.server.url(), berth.keyOf("cara")).get("/api/me").json();
        assertThat(me.getString("user")).isEqualTo("cara");
        assertThat(me.getBoolean("admin")).isFalse();
        assertThat(new Api(berth.server.url(), "no-key-at-all").get("/api/me").status())
                .isEqualTo(401);
    }
}

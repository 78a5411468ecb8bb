package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that an operator stops while sessions run; StartIT has the one that gets a signal. */
class DrainIT {
    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void delete() {
        Berth.delete(folder);
    }

    private static JsonObject ready(Api api) {
        return api.get("/health/ready").json();
    }

    @Test
    void anOperatorEndsWhatIsLeft() {
        Berth server = Berth.start(folder, Map.of("BERTH_DRAIN_SECONDS", "60"));
        Api api = server.api();
        String session = api.newSession();
        Api.Answer another = api.post("/api/admin/drain", new JsonObject().put("machineId", "d0000000"));
        assertThat(another.status()).isEqualTo(409);
        assertThat(another.error().getString("code")).isEqualTo("conflict");
        assertThat(another.error().getString("message")).endsWith(", which was not drained");
        assertThat(ready(api).getString("status")).isEqualTo("ready");
        String self = api.get("/api/me").json().getString("machineId");
        Api.Answer begun = api.post("/api/admin/drain", new JsonObject().put("machineId", self));
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        assertThat(begun.json().getInteger("sessions")).isEqualTo(1);
        assertThat(begun.json().getInteger("seconds")).isEqualTo(60);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        JsonObject node = api.get("/api/admin/nodes").list("nodes").getJsonObject(0);
        assertThat(node.getBoolean("self")).isTrue();
        assertThat(node.getBoolean("draining")).isTrue();
        assertThat(node.getInteger("running")).isEqualTo(1);
        assertThat(node.containsKey("heartbeatAgeMillis")).isFalse();
        api.post("/api/admin/drain", new JsonObject().put("seconds", 0));
        JsonObject ended = Api.await(() -> api.get(session).json(), now -> now.getString("endReason") != null);
        assertThat(ended.getString("endReason")).isEqualTo("node_drained");
        // The answer from before the drain may be given again for a moment.
        Api.await(() -> ready(api).getString("status"), "draining"::equals);
        Api.Answer wrong = api.post("/api/admin/drain", new JsonObject().put("seconds", -1));
        assertThat(wrong.status()).isEqualTo(400);
        Api.Answer notMeant = api.post("/api/admin/undrain", new JsonObject().put("machineId", "d0000000"));
        assertThat(notMeant.error().getString("message")).endsWith(", which was not undrained");
        Api.Answer again = api.post("/api/admin/undrain", new JsonObject().put("machineId", self));
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.json().getBoolean("draining")).isFalse();
        Api.await(() -> ready(api).getString("status"), "ready"::equals);
        String later = api.newSession();
        assertThat(api.get(later).json().getString("status")).isEqualTo("running");
        api.delete(later);
        assertThat(api.get("/api/admin/log").list("entries").getJsonObject(0).getString("act"))
                .isEqualTo("node.undrained");
        server.stop();
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Profiles by the API: who may have one, and what is shown of it. */
class ProfilesIT {
    private static final String NAME = "of-a-test";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    private static JsonObject with(String save) {
        return new JsonObject()
                .put(
                        "options",
                        new JsonObject()
                                .put(
                                        "profile",
                                        new JsonObject().put("name", NAME).put("save", save)));
    }

    private String list(Api by) {
        return by.get("/api/profiles?limit=100").text();
    }

    @Test
    void oneSessionHoldsAProfileAndOthersAreTold() {
        String session = api.newSession(with("always"));
        String id = session.substring(session.lastIndexOf('/') + 1);
        assertThat(api.get(session).json().getJsonObject("profile").getString("name"))
                .isEqualTo(NAME);
        assertThat(api.get(session).json().getJsonObject("options").getJsonObject("profile"))
                .isEqualTo(new JsonObject().put("name", NAME).put("save", "always"));

        Api.Answer second = api.post("/api/sessions", with("onSuccess"));
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.error().getString("message")).contains(id).contains(NAME);
        assertThat(second.error().getString("hint")).contains("save: \"never\"");
        String copy = api.newSession(with("never"));

        JsonObject profile = api.get("/api/profiles/" + NAME).json();
        assertThat(profile.getString("writer")).isEqualTo(id);
        assertThat(profile.getJsonArray("versions")).isEmpty();
        assertThat(list(api)).contains(NAME);
        assertThat(api.delete("/api/profiles/" + NAME).status()).isEqualTo(409);

        Api stranger = new Api(berth.server.url(), berth.keyOf("stranger"));
        assertThat(list(stranger)).doesNotContain(NAME);
        assertThat(stranger.get("/api/profiles/" + NAME).status()).isEqualTo(404);
        assertThat(stranger.delete("/api/profiles/" + NAME).status()).isEqualTo(404);

        api.delete(copy);
        api.delete(session);
        api.delete("/api/profiles/" + NAME);
        assertThat(api.get("/api/profiles/" + NAME).status()).isEqualTo(404);
        assertThat(list(api)).doesNotContain(NAME);
    }

    @Test
    void aVersionThatIsNotKeptIsToldAtTheCreation() {
        JsonObject gone = with("never");
        gone.getJsonObject("options").getJsonObject("profile").put("version", 7);
        Api.Answer refused = api.post("/api/sessions", gone);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.error().getString("message"))
                .isEqualTo("options.profile.version: the profile '" + NAME + "' has no version 7; the last 3 are kept");
        assertThat(refused.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(api.get("/api/profiles").headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
    }

    @Test
    void whatIsNoUseOfAProfileIsRefused() {
        JsonObject odd = new JsonObject("{\"options\":{\"profile\":{\"name\":\"../a\"}}}");
        assertThat(api.post("/api/sessions", odd).error().getString("message")).startsWith("options.profile.name");
        JsonObject task = new JsonObject(
                "{\"instruction\":\"a\",\"sessionId\":\"session-1\",\"profile\":{\"name\":\"" + NAME + "\"}}");
        assertThat(api.post("/api/agent/execute", task).error().getString("message"))
                .startsWith("profile: can't be given with sessionId");
        String connect = "/connect?token=" + Berth.KEY + "&save=never";
        assertThat(Upgrade.refused(berth.server.url().replaceFirst("^http", "ws") + connect)
                        .message())
                .startsWith("save: needs profile");
    }
}

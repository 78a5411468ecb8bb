package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** A login outlives its session, whoever made it, and a crash leaves the one before. */
class SavedLoginsIT {
    private static final String NAME = "of-logins";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String page = berth.site.page("""
            <title>Login</title><script>
            const found = [localStorage.getItem('rest'), sessionStorage.getItem('tab'), document.cookie].join();
            </script>""");

    private static JsonObject with(String save) {
        JsonObject profile = new JsonObject().put("name", NAME).put("save", save);
        return new JsonObject().put("options", new JsonObject().put("profile", profile));
    }

    private JsonObject profile(String session) {
        return api.get(session).json().getJsonObject("profile");
    }

    @Test
    void aLoginOutlivesItsSession() {
        logIn();
        crash();
        // A page of its own begins with it too, before anything else is asked for.
        String copy = api.newSession(with("never").put("initialPrompt", page));
        api.await(copy, answer -> answer.json().getString("title").equals("Login"));
        assertThat(api.evaluate(copy, "found")).isEqualTo("in,in,client=in");
        assertThat(profile(copy)).isEqualTo(new JsonObject().put("name", NAME).put("version", 1));
        api.delete(copy);
        assertThat(profile(copy)).isEqualTo(new JsonObject().put("name", NAME).put("version", 1));
        assertThat(api.delete("/api/profiles/" + NAME).status()).isEqualTo(200);
    }

    private void logIn() {
        Api.Opened first = api.create(with("always"));
        api.navigate(first.path(), page);
        api.evaluate(first.path(), "localStorage.setItem('rest', 'in'), sessionStorage.setItem('tab', 'in'), 0");
        CdpClient client = CdpClient.connect(first.connectUrl());
        client.send(
                "Runtime.evaluate",
                new JsonObject().put("expression", "document.cookie = 'client=in; Path=/'"),
                client.attach());
        String other = client.send("Target.createBrowserContext").getString("browserContextId");
        client.send(
                "Storage.setCookies",
                new JsonObject()
                        .put("browserContextId", other)
                        .put(
                                "cookies",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "other")
                                                .put("value", "in")
                                                .put("url", page))),
                "");
        api.delete(first.path());
        assertThat(profile(first.path()))
                .isEqualTo(new JsonObject().put("name", NAME).put("saved", 1));
    }

    private void crash() {
        String second = api.newSession(with("always"));
        // What a profile brought is read from the storage before any page of it is open.
        assertThat(api.get(second + "/storage-state").text())
                .contains(page.substring(0, page.indexOf("/own/")))
                .contains("\"rest\"");
        api.navigate(second, page);
        assertThat(api.evaluate(second, "found")).isEqualTo("in,in,client=in");
        api.evaluate(second, "localStorage.clear(), document.cookie = 'client=; Path=/; Max-Age=0', 0");
        Berth.chromeOf(second).destroyForcibly();
        api.await(second, answer -> answer.json().getString("status").equals("failed"));
        assertThat(profile(second).getString("error")).isEqualTo("the session ended as browser_crashed");
        assertThat(profile(second).getInteger("version")).isEqualTo(1);
    }
}

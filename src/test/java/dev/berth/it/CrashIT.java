package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Pages and Chromes that die. */
class CrashIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String tag = UUID.randomUUID().toString();

    @AfterEach
    void endSessions() {
        api.get("/api/sessions?metadata.tag=" + tag).list("sessions").stream()
                .map(session -> ((JsonObject) session).getString("sessionId"))
                .forEach(id -> api.delete("/api/sessions/" + id));
    }

    private JsonObject open() {
        JsonObject created = api.post(
                        "/api/sessions?wait=running",
                        new JsonObject().put("metadata", new JsonObject().put("tag", tag)))
                .json();
        api.navigate(path(created), berth.site.url("/plain"));
        return created;
    }

    private static String path(JsonObject created) {
        return "/api/sessions/" + created.getString("sessionId");
    }

    private static void kill(String session, String type) {
        Berth.chromeOf(session)
                .descendants()
                .filter(process -> commandLine(process).contains("--type=" + type))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** Chrome's processes set their own names, and for some the JDK gives no command line. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    private JsonObject crashed(String session) {
        return api.await(session + "/health", a -> a.text().contains("crashed")).json();
    }

    @Test
    void aCrashedPageFailsActionsAtOnceUntilItIsReloaded() {
        String session = path(open());
        kill(session, "renderer");
        assertThat(crashed(session).getString("status")).isEqualTo("degraded");
        for (String verb : List.of("evaluate", "pdf", "screenshot", "snapshot", "content", "click")) {
            JsonObject body =
                    switch (verb) {
                        case "evaluate" -> new JsonObject().put("expression", "1");
                        case "click" -> new JsonObject().put("selector", "h1");
                        default -> new JsonObject();
                    };
            Api.Answer refused = api.post(session + "/" + verb, body);
            assertThat(refused.status()).as(verb).isEqualTo(422);
            assertThat(refused.error().getString("message")).contains("the page crashed; reload it");
            // A picture of it fails likewise.
            assertThat(refused.error().getString("hint")).contains("reload").doesNotContain("screenshot");
        }
        assertThat(api.get(session + "/console").text()).contains("the page crashed");
        assertThat(api.post(session + "/reload").status()).isEqualTo(200);
        assertThat(api.evaluate(session, "document.title")).isEqualTo("Plain");
        assertThat(api.get(session + "/health").json().getString("status")).isEqualTo("healthy");
    }

    @Test
    void aCrashedPageCanBeNavigated() {
        String session = path(open());
        kill(session, "renderer");
        crashed(session);
        assertThat(api.navigate(session, berth.site.url("/two")).status()).isEqualTo(200);
        assertThat(api.evaluate(session, "document.title")).isEqualTo("Two");
    }

    @Test
    void pendingCallsOfACrashingPageFail() {
        String session = path(open());
        var asked = CompletableFuture.supplyAsync(() -> api.post(
                session + "/evaluate",
                new JsonObject().put("expression", "console.log('asked'); new Promise(() => {})")));
        api.await(session + "/console", a -> a.text().contains("asked"));
        kill(session, "renderer");
        assertThat(asked.join().error().getString("message")).contains("the page crashed");
    }

    @Test
    void aClientMayCrashItsPage() {
        JsonObject created = open();
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        client.sendRaw("Page.navigate", new JsonObject().put("url", "chrome://crash"), client.attach());
        crashed(path(created));
        assertThat(api.post(path(created) + "/reload").status()).isEqualTo(200);
        assertThat(client.evaluate("1 + 1", client.attach())).isEqualTo(2);
        client.leave();
    }

    /** Its client's socket is closed with it. */
    @RepeatedTest(3)
    void aChromeThatDiesUnderAClientWithoutGraceHasCrashed() {
        String url = api.request("/connect").build().uri().toString().replaceFirst("http", "ws");
        CdpClient client = CdpClient.connect(url + "?token=" + Berth.KEY + "&reconnect=0&metadata.tag=" + tag);
        client.send("Browser.getVersion");
        String session = path(
                api.get("/api/sessions?metadata.tag=" + tag).list("sessions").getJsonObject(0));
        Berth.chromeOf(session).destroyForcibly();
        JsonObject ended =
                api.await(session, a -> a.json().getString("endReason") != null).json();
        assertThat(ended.getString("endReason")).isEqualTo("browser_crashed");
        assertThat(ended.getString("endDetail")).contains("137");
    }

    @Test
    void processesThatBerthKillsAreNotReportedAsCrashes() {
        List<String> sessions =
                IntStream.range(0, 4).mapToObj(i -> path(open())).toList();
        sessions.forEach(session -> assertThat(api.delete(session).status()).isEqualTo(200));
        assertThat(Berth.loggedWith("exited unexpectedly"))
                .noneMatch(line -> sessions.stream().anyMatch(session -> line.contains(id(session))));
    }

    private static String id(String session) {
        return Stream.of(session.split("/")).reduce((a, b) -> b).orElseThrow();
    }
}

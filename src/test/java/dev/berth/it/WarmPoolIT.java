package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.SessionClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Chromes that are started in advance. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmPoolIT {
    private final Path data = Berth.temporaryFolder();
    private final Berth berth = Berth.start(data, Map.of("BERTH_POOL_SIZE", "2"));
    private final Api api = berth.api();

    @AfterAll
    void stop() {
        berth.stop();
        Berth.delete(data);
    }

    @BeforeEach
    void awaitWarm() {
        // Asks the node itself: the metrics may be a second old.
        SessionClient node = new SessionClient(berth.vertx);
        Api.await(() -> Berth.await(node.describe(berth.server.machineId())).warm(), warm -> warm == 2);
    }

    /** The main processes of this server's Chromes. */
    private Set<ProcessHandle> chromes() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains(berth.dataDir + "/profiles/"))
                .collect(Collectors.toSet());
    }

    @Test
    void aWarmChromeHasEveryOptionFromTheFirstScriptOfItsFirstPageOn() {
        JsonObject options = new JsonObject()
                .put("viewport", new JsonObject().put("width", 1001).put("height", 555))
                .put("locale", "de-DE")
                .put("timezone", "Asia/Tokyo")
                .put("userAgent", "Tester/1.0")
                .put("blockedDomains", new JsonArray().add("localhost"));
        String page = berth.site.page("""
                <script>console.log([innerWidth, innerHeight, navigator.language,
                  Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgent, (1.5).toLocaleString()].join());
                  fetch('%s')
                </script>""".formatted(berth.site.otherSiteUrl("/item?blocked")));
        Set<ProcessHandle> before = chromes();
        String session =
                api.newSession(new JsonObject().put("initialPrompt", page).put("options", options));
        assertThat(chromes()).containsAll(before);
        JsonArray entries = api.await(session + "/console", a -> a.json().getInteger("total") > 0)
                .list("logs");
        assertThat(entries.getJsonObject(0).getString("message")).isEqualTo("1001,555,de-DE,Asia/Tokyo,Tester/1.0,1,5");
        api.await(session + "/network", a -> a.text().contains("options.blockedDomains includes localhost"));
        api.delete(session);
        // It was one of the warm ones, and ended with its session.
        assertThat(before.stream().filter(ProcessHandle::isAlive)).hasSize(before.size() - 1);
    }

    @Test
    void theFirstPageIsCapturedFromItsFirstByteOn() {
        String page = berth.site.page("""
                <script>for (let i = 0; i < 50; i++) console.log(i); fetch('/item?n=1')</script>""");
        String session = api.newSession(new JsonObject().put("initialPrompt", page));
        JsonArray requests = api.await(session + "/network", a -> a.json().getInteger("total") >= 2)
                .list("requests");
        assertThat(requests.getJsonObject(0).getString("resourceType")).isEqualTo("document");
        assertThat(requests.getJsonObject(1).getString("url")).endsWith("/item?n=1");
        JsonArray logs = api.await(session + "/console", a -> a.json().getInteger("total") >= 50)
                .list("logs");
        assertThat(logs.getJsonObject(0).getString("message")).isEqualTo("0");
        api.delete(session);
    }

    @Test
    void aDeadWarmChromeIsNotAdopted() {
        chromes().forEach(ProcessHandle::destroyForcibly);
        String session = api.newSession();
        assertThat(api.get(session + "/health").json().getString("status")).isEqualTo("healthy");
        api.delete(session);
    }

    @Test
    void noTwoSessionsGetTheSameChrome() {
        String first = api.newSession();
        String second = api.newSession();
        api.navigate(first, berth.site.url("/plain"));
        api.evaluate(first, "document.cookie = 'mine=1'");
        api.navigate(second, berth.site.url("/plain"));
        assertThat(api.evaluate(second, "document.cookie")).isEqualTo("");
        api.delete(first);
        api.delete(second);
    }
}

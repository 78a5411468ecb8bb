package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients at {@code /sdk}, as programs use them. */
class SdkIT {
    private static final String PAGE = """
            <title>Greeting</title><input id=name><button onclick="out.textContent = 'Hello ' + document.getElementById('name').value">
            Greet</button><p id=out></p><link rel=icon href=data:,><script>console.log('fine'); console.error('told')</script>""";

    private final Berth berth = Berth.shared();
    private final Path folder = Berth.temporaryFolder();
    private final SdkPrograms programs = new SdkPrograms(folder);

    @AfterEach
    void remove() {
        Berth.delete(folder);
    }

    private byte[] client(String program) {
        return Api.fetch(berth.server.url() + "/sdk/" + SdkPrograms.client(program))
                .body();
    }

    @ParameterizedTest
    @CsvSource({
        "berth.js, text/javascript; charset=utf-8",
        "berth.d.ts, text/plain; charset=utf-8",
        "berth.py, text/x-python; charset=utf-8",
        "berth-playwright.js, text/javascript; charset=utf-8",
        "berth-playwright.d.ts, text/plain; charset=utf-8"
    })
    void theClientsAreServedWithoutAKey(String name, String type) {
        Api.Answer answer = Api.fetch(berth.server.url() + "/sdk/" + name);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(type);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.text()).contains("Berth").doesNotContain("//@ ", "#@ ");
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(Api.send(HttpRequest.newBuilder(URI.create(berth.server.url() + "/sdk/" + name))
                                .header("If-None-Match", tag))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void nothingElseIsServedBesideThem() {
        assertThat(Api.fetch(berth.server.url() + "/sdk/frame.py").status()).isEqualTo(404);
        assertThat(Api.fetch(berth.server.url() + "/sdk/").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"story.mjs", "story.py"})
    void aProgramDrivesASessionAndReadsWhatItDid(String program) throws Exception {
        String page = berth.site.page(PAGE);
        assertThat(programs.run(program, client(program), berth.server.url(), Berth.KEY, page, folder.toString()))
                .isEqualTo("done");
    }

    /** A page of Berth's own origin may use it as it is. */
    @Test
    void aPageImportsTheClient() {
        Api api = berth.api();
        String session = api.newSession(new JsonObject().put("initialPrompt", berth.site.url("/plain")));
        PageDriver page = PageDriver.launch();
        page.open(berth.server.url() + "/live/" + "session-00000000-0000-4000-8000-000000000000");
        Object status = page.evaluate("""
                (async () => {
                const {Berth} = await import('/sdk/berth.js');
                const own = new Berth({url: location.origin, key: '%s'}).session('%s');
                for await (const event of own.events({kinds: 'status'})) if (event.data.status == 'running') break;
                return (await own.getSession()).status})()""".formatted(Berth.KEY, session.substring(session.lastIndexOf('/') + 1)));
        page.close();
        assertThat(status).isEqualTo("running");
        api.delete(session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"faults.mjs", "faults.py"})
    void aClientRepeatsWhatIsSafeAndNothingElse(String program) throws Exception {
        FailingApi api = new FailingApi();
        HttpServer server = Berth.await(
                berth.vertx.createHttpServer().requestHandler(api::answer).listen(0, "127.0.0.1"));
        String url = "http://127.0.0.1:" + server.actualPort();
        JsonObject seen = new JsonObject(programs.run(program, client(program), url, "the-key"));
        Berth.await(server.close());

        assertThat(seen.getString("sessionId")).isEqualTo("session-1");
        assertThat(api.asked("POST /api/sessions")).isEqualTo(2);
        assertThat(api.idempotencyKeys()).hasSize(1);
        assertThat(seen.getString("status")).isEqualTo("running");
        assertThat(api.asked("GET /api/sessions/session-1")).isEqualTo(2);
        assertThat(seen.getString("click")).isEqualTo("unreachable");
        assertThat(api.asked("POST /api/sessions/session-1/click")).isEqualTo(1);
        assertThat(seen.getJsonArray("events"))
                .isEqualTo(new JsonArray().add("1").add("2").add("3"));
        assertThat(seen.getString("task")).isEqualTo("waiting");
    }
}

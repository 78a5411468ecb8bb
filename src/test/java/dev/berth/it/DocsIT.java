package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The documentation in a browser. */
class DocsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private String session;

    private void open(String path) {
        session = api.open(berth.server.url() + path);
    }

    @AfterEach
    void end() {
        if (session != null) {
            assertThat(api.get(session + "/console?level=error").list("logs")).isEmpty();
            api.delete(session);
        }
    }

    private Object evaluate(String script) {
        return api.evaluate(session, script);
    }

    private void waitFor(String selector) {
        api.act(session, "wait-for", new JsonObject().put("selector", selector));
    }

    private void type(String selector, String text) {
        api.act(session, "type", new JsonObject().put("selector", selector).put("text", text));
    }

    private void press(String key) {
        api.act(session, "press", new JsonObject().put("key", key));
    }

    @Test
    void aReaderFindsASectionByTheKeyboard() {
        open("/docs");
        waitFor("#search:enabled");
        press("/");
        type("#search", "landlock wall");
        waitFor("#found mark");
        press("ArrowDown");
        assertThat(evaluate("document.querySelector('#found [aria-selected=true]').textContent"))
                .asString()
                .contains("Isolation", "The second wall");
        press("Enter");
        waitFor("#the-second-wall");
        assertThat(evaluate("location.pathname + location.hash")).isEqualTo("/docs/isolation#the-second-wall");
    }

    @Test
    void pagesFitANarrowWindowAndHaveAMenuThere() {
        open("/docs/limits");
        api.act(
                session,
                "emulate",
                new JsonObject()
                        .put("viewport", new JsonObject().put("width", 380).put("height", 800)));
        assertThat(evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        api.act(session, "click", new JsonObject().put("selector", "#menu"));
        api.act(session, "click", new JsonObject().put("selector", "#navigation >> text=Selectors"));
        waitFor("#several-matches");
    }

    /** With the key that was given to the reference, which is tried at the server that it came from. */
    @Test
    void theReferenceTriesOperationsOut() {
        open("/docs/api#/Sessions/listSessions");
        waitFor("#operations-Sessions-listSessions .execute");
        api.act(session, "click", new JsonObject().put("selector", ".authorize >> nth=0"));
        type("#auth-bearer-value", Berth.KEY);
        api.act(session, "click", new JsonObject().put("selector", ".auth-container .authorize >> nth=0"));
        api.act(session, "click", new JsonObject().put("selector", ".btn-done >> nth=0"));
        api.act(session, "click", new JsonObject().put("selector", "#operations-Sessions-listSessions .execute"));
        waitFor(".live-responses-table tbody .response-col_status");
        assertThat(evaluate("document.querySelector('.live-responses-table tbody .response-col_status').innerText"))
                .asString()
                .startsWith("200");
        JsonArray sent = api.get(session + "/network?url=/api/sessions").list("requests");
        assertThat(sent).hasSize(1);
        assertThat(sent.getJsonObject(0).getInteger("status")).isEqualTo(200);
    }

    @Test
    void pagesLoadNothingFromElsewhereAndCantBeFramed() {
        Api.Answer page = api.get("/docs/isolation");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.text()).contains("<title>Isolation · Berth</title>");
        assertThat(api.get("/docs/selectors.md").text()).startsWith("# Selectors");
        assertThat(api.get("/docs/selectors/").status()).isEqualTo(404);
        assertThat(api.get("/docs/no-such-page").error().getString("code")).isEqualTo("not_found");
    }
}

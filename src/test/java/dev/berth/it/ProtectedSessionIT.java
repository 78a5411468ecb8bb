package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.AllowedDomains;
import dev.berth.protocol.Secrets;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskSupport.ProtectSession;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that an AI task limits: where its pages may go, and what its logs may contain. */
class ProtectedSessionIT extends InOneSession {
    private static final String SECRET = "s3cret word & more";

    private final Berth berth = Berth.shared();
    /** Tells the requests of one test from those of the others. */
    private int test;

    @BeforeEach
    void begin() {
        test++;
    }

    private String by() {
        return "by=" + session.substring(session.length() - 8) + "-" + test;
    }

    @Override
    @BeforeAll
    void create() {
        super.create();
        // The test's site is also at localhost.
        protect(new AllowedDomains(List.of("127.0.0.1")), Map.of("password", SECRET));
    }

    private void protect(AllowedDomains domains, Map<String, String> secrets) {
        Berth.await(new SessionClient(berth.vertx)
                .ask(
                        new SessionId(session.substring(session.lastIndexOf('/') + 1)),
                        new ProtectSession(domains, new Secrets(secrets))));
    }

    private String elsewhere(String path) {
        return berth.site.otherSiteUrl(path + "?" + by());
    }

    private void assertNeverReached() {
        assertThat(berth.site.served(by())).noneMatch(uri -> uri.startsWith("/plain"));
    }

    private String console() {
        return api.get(session + "/console").text();
    }

    @Test
    void aVerbThatIsToLeaveSaysWhyItDoesNot() {
        renew();
        api.navigate(session, berth.site.page("<title>Here</title>"));
        Api.Answer refused = api.post(session + "/navigate", new JsonObject().put("url", elsewhere("/plain")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("this session may not go to 'localhost'");
        assertThat(script("document.title")).isEqualTo("Here");
        assertNeverReached();
        assertThat(console()).contains("was stopped: an AI task limits this session to 127.0.0.1");
    }

    /** Both hold requests for documents. */
    @Test
    void aRuleForRequestsLetsNothingOutMore() {
        api.navigate(session, berth.site.page("<title>Here</title>"));
        act("routes", "{\"url\":\"**/item\",\"action\":\"mock\",\"body\":\"ruled\"}");
        act("routes", "{\"url\":\"**\",\"action\":\"delay\",\"delay\":1}");
        Api.Answer refused = api.post(session + "/navigate", new JsonObject().put("url", elsewhere("/plain")));
        assertThat(refused.text()).contains("this session may not go to 'localhost'");
        assertThat(script("fetch('/item').then(r => r.text())")).isEqualTo("ruled");
        assertNeverReached();
        renew();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href='%s'>go</a>",
                "<a href='%s' target=_blank>go</a>",
                "<a href=# onclick=\"location = '%s'; return false\">go</a>",
                "<a href=# onclick=\"window.open('%s'); return false\">go</a>",
                "<form method=post action='%s'><button>go</button></form>",
                "<a href=# onclick=\"document.body.append(Object.assign(document.createElement('iframe'), {src: '%s'})); return false\">go</a>",
                "<a href='/elsewhere'>go</a>"
            })
    void aClickThatIsToLeaveSaysWhatWasStopped(String html) {
        api.navigate(
                session,
                berth.site.page("<title>Here</title>"
                        + html.replace("%s", elsewhere("/plain"))
                                .replace("/elsewhere", "/redirect-to?url=" + elsewhere("/plain"))));
        JsonObject clicked = click("text=go");
        assertThat(clicked.getString("blocked")).startsWith("http://localhost");
        JsonObject title =
                new JsonObject().put("expression", "document.title").put("page", clicked.getString("pageId"));
        assertThat(act("evaluate", title).getString("result")).isEqualTo("Here");
        assertNeverReached();
    }

    @Test
    void anotherPageIsLimitedToo() {
        Api.Answer refused = api.post(session + "/pages", new JsonObject().put("url", elsewhere("/plain")));
        assertThat(refused.status()).isEqualTo(422);
        assertNeverReached();
    }

    @Test
    void severalLimitsHoldTogether() {
        protect(new AllowedDomains(List.of("localhost")), Map.of());
        assertThat(api.post(session + "/navigate", new JsonObject().put("url", berth.site.url("/plain")))
                        .status())
                .isEqualTo(422);
        assertThat(api.post(session + "/navigate", new JsonObject().put("url", elsewhere("/plain")))
                        .status())
                .isEqualTo(422);
        assertNeverReached();
        renew();
    }

    @Test
    void whatStaysWithinGoesOn() {
        assertThat(api.navigate(session, berth.site.url("/redirect")).status()).isEqualTo(200);
        act("navigate", new JsonObject().put("url", "data:text/html,<title>Data</title>"));
        JsonObject back = act("go-back", new JsonObject());
        assertThat(back.getString("url")).isEqualTo(berth.site.url("/plain"));
        assertThat(api.post(session + "/reload").status()).isEqualTo(200);
    }

    @Test
    void aSecretIsInNoLog() {
        api.navigate(
                session,
                berth.site.page("<form action=/plain><input name=q><button>send</button></form>"
                        + "<script>onsubmit = () => { const q = document.querySelector('input').value; console.log('typed ' + q);"
                        + " document.title = q; }</script>"));
        act("fill", new JsonObject().put("selector", "input").put("value", SECRET));
        click("button");
        assertThat(berth.site.served("s3cret+word")).isNotEmpty();
        String kept = console()
                + api.get(session + "/actions").text()
                + api.get(session + "/network").text()
                + api.get(session).text();
        assertThat(kept).contains("typed {{password}}", "q={{password}}").doesNotContain("s3cret");
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a CDP socket. Refusals are HTTP answers, before there is a socket. */
class CdpDoorIT {
    private static final String NOBODY = "/api/sessions/session-00000000-0000-4000-8000-000000000000";
    private static final Map<String, String> KEY = Map.of("X-API-Key", Berth.KEY);

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final List<String> opened = new ArrayList<>();

    @AfterEach
    void end() {
        opened.forEach(session -> api.delete(session));
    }

    private Opened open() {
        Opened created = api.create();
        opened.add(created.path());
        return created;
    }

    private static String token(Opened session) {
        return session.connectUrl().replaceFirst("^.*token=", "");
    }

    private Upgrade.Refusal refused(String path) {
        return Upgrade.refused(wsUrl(path));
    }

    private String wsUrl(String path) {
        return berth.server.url().replaceFirst("^http", "ws") + path;
    }

    @Test
    void requestsWithoutAValidTokenAreRefused() {
        Opened session = open();
        assertThat(refused(session.path() + "/cdp?token=" + token(open())).status())
                .isEqualTo(401);
        assertThat(refused(session.path() + "/cdp?token=nonsense").code()).isEqualTo("unauthenticated");
        assertThat(refused(session.path() + "/cdp").status()).isEqualTo(401);
        assertThat(refused(NOBODY + "/cdp").status()).isEqualTo(401);
        assertThat(Upgrade.refused(wsUrl(NOBODY + "/cdp"), KEY).code()).isEqualTo("session_not_found");
        assertThat(refused("/connect?token=nonsense").status()).isEqualTo(401);
        Upgrade.Refusal misspelt = refused("/connect?token=" + Berth.KEY + "&heigth=1");
        assertThat(misspelt.status()).isEqualTo(400);
        assertThat(misspelt.message()).isEqualTo("heigth: is not a known field; did you mean height?");
        assertThat(refused("/connect?token=" + Berth.KEY + "&timezone=Mars/Crater")
                        .message())
                .contains("timezone");
        assertThat(refused("/connect?token=" + Berth.KEY + "&idle=0").message())
                .startsWith("options.timeouts.idle must be from 1000 to ");
        assertThat(misspelt.error().getString("requestId")).isNotEmpty();
    }

    /** Its client sends the header for {@code connect} and {@code connectOptions}, and prints the answer. */
    @Test
    void playwrightsOwnProtocolIsRefusedBeforeThereIsASession() {
        Upgrade.Refusal refused = Upgrade.refused(
                wsUrl("/connect?metadata.own=protocol&token=" + Berth.KEY), Map.of("x-playwright-browser", "chromium"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("Playwright's own protocol");
        assertThat(refused.error().getString("hint")).contains("connectOverCDP", "/sdk/berth-playwright.js");
        assertThat(api.get("/api/sessions?includeTerminated=true&metadata.own=protocol")
                        .list("sessions"))
                .isEmpty();
    }

    @Test
    void anEndedSessionAnswers410WithItsReason() {
        Opened session = open();
        api.delete(session.path());
        Upgrade.Refusal late = Upgrade.refused(session.connectUrl());
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.message()).isEqualTo("the session ended: client");
    }

    /** Many CDP clients take a URL and no headers. */
    @Test
    void aKeyIsAsGoodAsTheToken() {
        Opened session = open();
        String socket = wsUrl(session.path() + "/cdp?token=");
        String version = "/cdp/json/version?token=" + Berth.KEY;
        assertThat(Api.fetch(berth.server.url() + session.path() + version)
                        .json()
                        .getString("webSocketDebuggerUrl"))
                .isEqualTo(session.connectUrl());
        CdpClient client = CdpClient.connect(socket + Berth.KEY);
        assertThat(client.send("Browser.getVersion")).isNotEmpty();
        client.leave();
        assertThat(Upgrade.refused(socket + Berth.KEY, Map.of("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        String stranger = berth.keyOf("a-stranger-to-sessions");
        assertThat(Upgrade.refused(socket + stranger).code()).isEqualTo("session_not_found");
        assertThat(refused(session.path() + "/live?token=" + Berth.KEY).status())
                .isEqualTo(401);
        api.delete(session.path());
        assertThat(Upgrade.refused(socket + stranger).code()).isEqualTo("session_not_found");
        assertThat(Upgrade.refused(socket + Berth.KEY).status()).isEqualTo(410);
    }

    @Test
    void aPlainRequestGetsTheSocketsUrl() {
        Opened session = open();
        for (String slash : List.of("", "/")) {
            String version = session.path() + "/cdp/json/version" + slash;
            Api.Answer byToken = Api.fetch(berth.server.url() + version + "?token=" + token(session));
            assertThat(byToken.json().getString("webSocketDebuggerUrl")).isEqualTo(session.connectUrl());
            CdpClient client = CdpClient.connect(api.get(version).json().getString("webSocketDebuggerUrl"));
            assertThat(client.send("Browser.getVersion")).isNotEmpty();
            client.leave();
        }
    }

    @Test
    void aPlainRequestWithoutAccessLearnsNothing() {
        Opened session = open();
        String version = berth.server.url() + session.path() + "/cdp/json/version";
        assertThat(Api.fetch(version).status()).isEqualTo(401);
        assertThat(Api.fetch(version + "?token=" + token(open())).status()).isEqualTo(401);
        assertThat(api.get(NOBODY + "/cdp/json/version").status()).isEqualTo(404);
        api.delete(session.path());
        assertThat(Api.fetch(version + "?token=" + token(session)).status()).isEqualTo(410);
        assertThat(Api.fetch(berth.server.url() + "/connect/json/version?token=nonsense")
                        .status())
                .isEqualTo(401);
    }

    /** Clients of earlier versions may still send it. */
    @Test
    void theFormerOptionToKeepClientPicturesIsAcceptedAndIgnored() {
        JsonObject options = new JsonObject().put("keepClientPictures", true);
        Opened session = api.create(new JsonObject().put("options", options));
        opened.add(session.path());
        assertThat(api.get(session.path()).text()).doesNotContain("keepClientPictures");
        String connect = wsUrl("/connect?reconnect=0&keepClientPictures=true&token=" + Berth.KEY);
        CdpClient client = CdpClient.connect(connect);
        assertThat(client.send("Browser.getVersion")).isNotEmpty();
        client.leave();
    }

    @Test
    void onlyAConnectingClientCreatesASession() {
        String tag = UUID.randomUUID().toString();
        String query = "?token=" + Berth.KEY + "&reconnect=0&metadata.tag=" + tag;
        JsonObject version =
                Api.fetch(berth.server.url() + "/connect/json/version/" + query).json();
        assertThat(version.getString("webSocketDebuggerUrl")).isEqualTo(wsUrl("/connect" + query));
        String mine = "/api/sessions?includeTerminated=true&metadata.tag=" + tag;
        assertThat(api.get(mine).json().getInteger("total")).isZero();
    }
}

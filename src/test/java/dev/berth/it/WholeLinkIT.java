package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links to a whole session, for people and agents without a key. */
class WholeLinkIT {
    private static final List<String> READS = List.of(
            "", "/actions", "/artifacts", "/console", "/network", "/har", "/report", "/report?format=json", "/export");
    private static final JsonObject WHOLE = new JsonObject().put("whole", true);

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String session =
            api.open(berth.site.page("<title>Shop</title><script>console.error('boom')</script>"));

    @AfterEach
    void end() {
        api.delete(session);
    }

    private static JsonObject share(Api by, String path, JsonObject body) {
        Api.Answer made = by.post(path + "/share", body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static String tokenOf(JsonObject link) {
        String url = link.getString("url");
        return url.substring(url.indexOf("token="));
    }

    private Api.Answer read(String path, String token) {
        return Api.fetch(berth.server.url() + path + (path.contains("?") ? "&" : "?") + token);
    }

    private void assertReads(String token, int status) {
        for (String read : READS) {
            assertThat(read(session + read, token).status()).as(read).isEqualTo(status);
        }
    }

    private EventClient events(String token) {
        return EventClient.open(HttpRequest.newBuilder(URI.create(berth.server.url() + session + "/events?" + token)));
    }

    private RawWebSocket viewer(String token) {
        return RawWebSocket.open(berth.server.url() + session + "/live?" + token);
    }

    @Test
    void itReadsWhatIsKeptWhileTheSessionRunsAndAfterItsEnd() {
        api.act(session, "screenshot", new JsonObject());
        JsonObject link = share(api, session, WHOLE);
        String token = tokenOf(link);
        assertThat(link.getString("url"))
                .startsWith(berth.server.url() + session.replace("/api/sessions", "/ui/session"));
        assertThat(api.get(session + "/share").list("links")).containsExactly(link);
        assertReads(token, 200);
        assertThat(Api.fetch(link.getString("markdownUrl")).text()).startsWith("# Session `session-");
        assertThat(Api.fetch(link.getString("jsonUrl"))
                        .json()
                        .getJsonObject("session")
                        .getString("title"))
                .isEqualTo("Shop");
        JsonObject shown = read(session, token).json();
        assertThat(shown.getString("title")).isEqualTo("Shop");
        assertThat(shown.getString("connectUrl")).isNull();
        assertThat(shown.getString("liveUrl")).isNull();
        RawWebSocket viewer = viewer(token + "&interactive=true");
        JsonObject view = viewer.next("view");
        assertThat(view.getBoolean("interactive")).isFalse();
        assertThat(view.getBoolean("owner")).isFalse();
        viewer.send(new JsonObject().put("type", "reload"));
        assertThat(viewer.next("error").getString("message")).isEqualTo("this link is for watching only");
        api.delete(session);
        assertReads(token, 200);
        assertThat(read(session + "/network/0/body", token).error().getString("code"))
                .isEqualTo("not_found");
        assertReads(tokenOf(share(api, session, WHOLE)), 200);
    }

    private Api.Answer send(String method, String path, String token) {
        return Api.send(HttpRequest.newBuilder(URI.create(berth.server.url() + path + "?" + token))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{\"url\":\"about:blank\"}")));
    }

    @Test
    void itDoesNothingElse() {
        String token = tokenOf(share(api, session, WHOLE));
        Map<String, List<String>> refused = Map.of(
                "POST",
                List.of("/navigate", "/evaluate", "/screenshot", "/upload", "/share", "/pages", "/recording/start"),
                "PUT",
                List.of("/cookies"),
                "GET",
                List.of("/cookies", "/share", "/pages", "/health", "/cdp", "/cdp/json/version"),
                "DELETE",
                List.of("", "/share/0000000000000001"));
        refused.forEach((method, paths) -> paths.forEach(
                path -> assertThat(send(method, session + path, token).status())
                        .as(method + " " + path)
                        .isEqualTo(401)));
        for (String path : List.of("/api/sessions", "/api/agent", "/api/events", "/api/admin/nodes")) {
            assertThat(send("GET", path, token).status()).as(path).isEqualTo(401);
        }
        assertThat(send("POST", "/api/agent/execute", token).status()).isEqualTo(401);
        String sockets = berth.server.url().replace("http", "ws");
        assertThat(Upgrade.refused(sockets + session + "/cdp?" + token).status())
                .isEqualTo(401);
        assertThat(Upgrade.refused(sockets + "/connect?" + token).status()).isEqualTo(401);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        assertOfItsOwnSessionOnly(token);
    }

    private void assertOfItsOwnSessionOnly(String token) {
        String other = api.newSession();
        for (String read : READS) {
            assertThat(read(other + read, token).status()).as(read).isEqualTo(401);
        }
        assertThat(read(other + "/events", token).status()).isEqualTo(401);
        assertThat(read(other + "/live", token).status()).isEqualTo(401);
        api.delete(other);
    }

    @Test
    void theTokenOfTheLiveUrlReadsNoBodiesNorWhatHasThemInIt() {
        String url = api.get(session).json().getString("liveUrl");
        String token = url.substring(url.indexOf("token="));
        for (String path : List.of("/actions", "/artifacts", "/console", "/network", "/har", "/timeline")) {
            assertThat(read(session + path, token).status()).as(path).isEqualTo(200);
        }
        for (String path : List.of("", "/report", "/report?format=json", "/export", "/har?content=true")) {
            assertThat(read(session + path, token).status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void aLinkToTheLiveViewReadsNothing() {
        String token = tokenOf(share(api, session, new JsonObject().put("interactive", true)));
        assertReads(token, 401);
        assertThat(read(session + "/events", token).status()).isEqualTo(401);
        Api.Answer both = api.post(session + "/share", WHOLE.copy().put("interactive", true));
        assertThat(both.error().getString("message")).contains("interactive must be false");
    }

    private String artifact(String token) {
        return read(session + "/artifacts", token)
                .list("artifacts")
                .getJsonObject(0)
                .getString("publicUrl");
    }

    @Test
    void allEndsWhenItIsRevoked() {
        api.act(session, "screenshot", new JsonObject());
        JsonObject link = share(api, session, WHOLE);
        String token = tokenOf(link);
        String picture = artifact(token);
        assertThat(Api.fetch(picture).status()).isEqualTo(200);
        EventClient events = events(token + "&kinds=status");
        RawWebSocket viewer = viewer(token);
        viewer.next("view");
        assertThat(api.delete(session + "/share/" + link.getString("linkId")).status())
                .isEqualTo(200);
        assertThat(events.next().data().getString("message")).isEqualTo("the link was revoked");
        assertThat(events.next()).as("the end").isNull();
        assertThat(viewer.closed().closeReason()).isEqualTo("the link was revoked");
        assertReads(token, 401);
        assertThat(Api.fetch(picture).status()).isEqualTo(403);
    }

    @Test
    void allEndsWhenItExpires() {
        api.act(session, "screenshot", new JsonObject());
        JsonObject link = share(api, session, WHOLE.copy().put("ttl", 2_500));
        String token = tokenOf(link);
        String picture = artifact(token);
        assertThat(read(session + "/artifacts", token)
                        .list("artifacts")
                        .getJsonObject(0)
                        .getString("expiresAt"))
                .isEqualTo(link.getString("expiresAt"));
        EventClient events = events(token + "&kinds=status");
        RawWebSocket viewer = viewer(token);
        assertThat(events.next().data().getString("message")).isEqualTo("the link has expired");
        assertThat(viewer.closed().closeReason()).isEqualTo("the link has expired");
        assertReads(token, 401);
        assertThat(Api.fetch(picture).status()).isEqualTo(403);
    }

    @Test
    void itEndsWithTheKeyThatItWasMadeWith() {
        String key = berth.keyOf("who shares");
        String shared = new Api(berth.server.url(), key).newSession();
        String token = tokenOf(share(new Api(berth.server.url(), key), shared, WHOLE));
        assertThat(read(shared, token).status()).isEqualTo(200);
        berth.revoke(key);
        for (String read : READS) {
            assertThat(read(shared + read, token).status()).as(read).isEqualTo(401);
        }
    }

    /** Sends a request and reads nothing of the response. */
    private Socket ask(String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        URI server = URI.create(berth.server.url());
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat((char) socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private void upload(int files, int bytes) {
        api.evaluate(session, "document.body.innerHTML = '<input type=file>'");
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[bytes];
            content[0] = (byte) i;
            JsonObject file = new JsonObject()
                    .put("name", "large" + i + ".bin")
                    .put("content", Base64.getEncoder().encodeToString(content));
            api.act(session, "upload", new JsonObject().put("selector", "input").put("files", List.of(file)));
        }
    }

    @Test
    void anExportThatIsBeingSentIsCutOff() throws Exception {
        upload(4, 6 << 20);
        JsonObject link = share(api, session, WHOLE);
        try (Socket reader = ask(session + "/export?" + tokenOf(link))) {
            Api.Answer second = read(session + "/export", tokenOf(link));
            assertThat(second.status()).as("one at a time").isEqualTo(429);
            assertThat(second.error().getString("message")).startsWith("an export is already being sent");
            assertThat(api.get(session + "/export").status())
                    .as("the owner's own")
                    .isEqualTo(200);
            api.delete(session + "/share/" + link.getString("linkId"));
            assertThat(restOf(reader)).isLessThan(24 << 20);
        }
        api.await(session + "/export", answer -> answer.status() == 200);
    }

    private static int restOf(Socket reader) {
        int rest = 0;
        byte[] some = new byte[1 << 16];
        try {
            for (int read = 0; read >= 0; read = reader.getInputStream().read(some)) {
                rest += read;
            }
        } catch (IOException reset) {
            return rest;
        }
        return rest;
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.sdk.ContractFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The key of a viewer: it reads its user's sessions and watches them, and does nothing else. */
class ViewerIT {
    private static final List<String> METHODS = List.of("get", "head", "put", "post", "patch", "delete");
    /** A new operation is closed to viewers. Whoever opens it adds it here, too. */
    private static final Set<String> OPEN = Set.of(
            "exportSession",
            "getFile",
            "getFilesZip",
            "getHar",
            "getMe",
            "getNetworkBody",
            "getRecording",
            "getReport",
            "getScript",
            "getSession",
            "getSessionHealth",
            "getTask",
            "getThumbnail",
            "getTimeline",
            "getUsage",
            "headFile",
            "listActions",
            "listSteps",
            "listRuns",
            "getRun",
            "getTestHistory",
            "listArtifacts",
            "listConsole",
            "listFiles",
            "listNetwork",
            "listPages",
            "listSessions",
            "listTasks",
            "openLive",
            "streamEvents",
            "streamSessionEvents",
            "streamTaskEvents");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Berth berth = Berth.shared();
    private final String user = "watched-" + System.nanoTime();
    private final Api owner = new Api(berth.server.url(), berth.keyOf(user));
    private final String key = berth.api()
            .post("/api/admin/keys", new JsonObject().put("user", user).put("role", "viewer"))
            .json()
            .getString("key");
    private final Api viewer = new Api(berth.server.url(), key);

    @Test
    void aViewerSeesAndWatchesAndActsNowhere() {
        Api.Opened session = owner.create();
        assertThat(viewer.get("/api/me").json().getString("role")).isEqualTo("viewer");
        JsonObject seen = viewer.get(session.path()).json();
        assertThat(seen.getString("connectUrl")).isNull();
        JsonObject listed = viewer.get("/api/sessions").list("sessions").getJsonObject(0);
        assertThat(listed.getString("connectUrl")).isNull();

        String live = listed.getString("liveUrl");
        String token = live.substring(live.indexOf("token="));
        RawWebSocket watching = RawWebSocket.open(session.socket(token + "&interactive=true"));
        assertThat(watching.next("view").getBoolean("interactive")).isFalse();
        assertThat(viewer.get(session.path() + "/live").json().getBoolean("interactive"))
                .as("by its key")
                .isFalse();

        String cdp = session.connectUrl().replaceFirst("\\?.*", "");
        String base = cdp.replaceFirst("/api/.*", "");
        for (String url : List.of(cdp + "?token=" + key, base + "/connect?token=" + key)) {
            assertThat(Upgrade.refused(url).status()).as(url).isEqualTo(403);
        }
        assertThat(Upgrade.refused(cdp + "?" + token).status())
                .as("by the token of the live view")
                .isEqualTo(401);
        assertThat(new Api(berth.server.url(), berth.keyOf("a stranger"))
                        .get(session.path())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void allThatIsNotNamedIsClosed() {
        String session = owner.newSession();
        Set<String> open = new TreeSet<>();
        JsonObject paths = ContractFile.read().getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            METHODS.stream()
                    .filter(item::containsKey)
                    .filter(method -> isOpen(method, path, session))
                    .forEach(method -> open.add(item.getJsonObject(method).getString("operationId")));
        }
        // Without an upgrade, /connect asks for no key: it tells everyone that it is a WebSocket.
        open.remove("connect");
        assertThat(open).containsExactlyInAnyOrderElementsOf(OPEN);
        assertThat(owner.get(session).json().getString("status")).isEqualTo("running");
    }

    private boolean isOpen(String method, String path, String session) {
        HttpRequest request = viewer.request(filled(path, session))
                .header("Content-Type", "application/json")
                .method(
                        method.toUpperCase(Locale.ROOT),
                        Set.of("get", "head").contains(method)
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString("{}"))
                .build();
        // Streams of events have no end.
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode() != 403;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String filled(String path, String session) {
        return path.replace("/api/sessions/{sessionId}", session)
                .replace("{sessionId}", session.substring(session.lastIndexOf('/') + 1))
                .replaceAll("\\{[^}]*}", "1");
    }
}

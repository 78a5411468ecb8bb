package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.recording.Decoded;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos of sessions, from a real Chrome through a real encoder to a real decoder. */
class RecordingIT {
    /** The element of Chrome's own page for videos has its pictures. */
    private static final String PLAYS = "document.querySelector('video').readyState >= 2";

    private static final String GREEN = "document.body.style.background = '#0f0'; ";
    private static final String BLUE = "document.body.style.background = '#00f'; ";
    /** A page shows each colour for that long by its own clock: for several frames. */
    private static final String FOR_A_WHILE = "new Promise(shown => setTimeout(shown, 1200))";

    @TempDir
    Path folder;

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final String tag = UUID.randomUUID().toString();

    @AfterEach
    void endSessions() {
        api.get("/api/sessions?metadata.tag=" + tag).list("sessions").stream()
                .map(session -> ((JsonObject) session).getString("sessionId"))
                .forEach(id -> api.delete("/api/sessions/" + id));
    }

    private String newSession(JsonObject options) {
        return path(create(options));
    }

    private JsonObject create(JsonObject options) {
        JsonObject viewport = new JsonObject().put("width", 320).put("height", 240);
        return api.post(
                        "/api/sessions?wait=running",
                        new JsonObject()
                                .put("options", options.put("viewport", viewport))
                                .put("metadata", new JsonObject().put("tag", tag)))
                .json();
    }

    private static String path(JsonObject created) {
        return "/api/sessions/" + created.getString("sessionId");
    }

    private static JsonObject recorded() {
        return new JsonObject().put("recording", true);
    }

    private static JsonObject flight() {
        return new JsonObject().put("flightRecorder", true);
    }

    private String redPage() {
        return berth.site.page("<body style='margin:0;background:#f00'>");
    }

    private List<JsonObject> recordings(String session) {
        return api.get(session + "/artifacts").list("artifacts").stream()
                .map(JsonObject.class::cast)
                .filter(artifact -> artifact.getString("type").equals("recording"))
                .toList();
    }

    private JsonObject stored(String session) {
        return Api.await(
                        () -> recordings(session),
                        all -> all.size() == 1 && all.get(0).getString("state").equals("stored"))
                .get(0);
    }

    private Decoded decoded(JsonObject artifact) throws Exception {
        Path video = folder.resolve(artifact.getString("objectId") + ".webm");
        byte[] bytes = Api.fetch(artifact.getString("publicUrl")).body();
        assertThat(bytes).hasSize(artifact.getInteger("size"));
        Files.write(video, bytes);
        return Decoded.of(encoder(berth.dataDir), video);
    }

    /** The folder of the encoder that a server has unpacked. */
    static Path encoder(Path dataDir) throws IOException {
        try (Stream<Path> versions = Files.list(dataDir.resolve("ffmpeg"))) {
            return versions.findFirst().orElseThrow();
        }
    }

    /** The colours in the order in which they are seen. */
    static String colours(Decoded video) {
        StringBuilder seen = new StringBuilder();
        for (Decoded.Shown frame : video.frames()) {
            if (seen.isEmpty() || seen.charAt(seen.length() - 1) != frame.middle()) {
                seen.append(frame.middle());
            }
        }
        return seen.toString();
    }

    private static long firstSeen(Decoded video, char colour) {
        return video.frames().stream()
                .filter(frame -> frame.middle() == colour)
                .findFirst()
                .orElseThrow()
                .millis();
    }

    /** Through a navigation, a change of the viewport and another tab. */
    @Test
    void aRecordingShowsTheActivePageAtItsTimes() throws Exception {
        JsonObject created = create(recorded());
        String session = path(created);
        JsonObject listed =
                Api.await(() -> recordings(session), all -> all.size() == 1).get(0);
        assertThat(listed.getString("state")).isEqualTo("pending");
        assertThat(listed.getString("publicUrl")).isNull();
        assertThat(listed.getString("startedAt")).isNull();
        assertThat(listed.getString("endedAt")).isNull();
        assertThat(api.get(session).json().getJsonObject("recording").getString("objectId"))
                .isEqualTo(listed.getString("objectId"));
        api.navigate(session, redPage());
        long red = time(session, "");
        long green = time(session, GREEN);
        Api.Answer soFar = Api.await(() -> api.get(session + "/recording"), answer -> answer.status() == 200);
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        client.sendRaw(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", 500)
                        .put("height", 200)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false),
                client.attach());
        long blue = time(session, BLUE);
        api.evaluate(session, "void open('" + redPage() + "')");
        api.await(session, a -> a.json().getString("currentUrl").contains("/own/"));
        time(session, "");
        growsBy(soFar, session);
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(api.get(session + "/recording").status()).isEqualTo(410);

        JsonObject artifact = stored(session);
        assertThat(artifact.getString("objectId")).isEqualTo(listed.getString("objectId"));
        assertThat(artifact.getString("contentType")).isEqualTo("video/webm");
        Decoded video = decoded(artifact);
        assertThat(colours(video)).endsWith("rgbr");
        // A colour is seen after it was set; by how much later depends on the machine.
        assertThat(firstSeen(video, 'g') - firstSeen(video, 'r')).isBetween(green - red - 2_000, green - red + 2_000);
        assertThat(firstSeen(video, 'b') - firstSeen(video, 'g')).isBetween(blue - green - 2_000, blue - green + 2_000);
        assertThat(video.durationMillis()).isGreaterThan(firstSeen(video, 'b') + 700);
        long startedAt = Instant.parse(artifact.getString("startedAt")).toEpochMilli();
        long endedAt = Instant.parse(artifact.getString("endedAt")).toEpochMilli();
        assertThat(endedAt - startedAt).isBetween(video.durationMillis() - 200L, video.durationMillis() + 200L);
        assertThat(green - startedAt).isBetween(firstSeen(video, 'g') - 2_000, firstSeen(video, 'g') + 2_000);
    }

    /** A client that has the beginning of a running recording gets the rest alone, or all of another recording. */
    private void growsBy(Api.Answer before, String session) {
        String tag = before.headers().firstValue("ETag").orElseThrow();
        Api.Answer rest = Api.send(part(session, before, tag));
        Api.Answer whole = api.get(session + "/recording");
        assertThat(rest.status()).isEqualTo(206);
        assertThat(whole.body())
                .startsWith(
                        Buffer.buffer(before.body()).appendBytes(rest.body()).getBytes());
        assertThat(Api.send(part(session, before, "\"another\"")).status()).isEqualTo(200);
    }

    private HttpRequest.Builder part(String session, Api.Answer before, String tag) {
        return api.request(session + "/recording")
                .header("Range", "bytes=" + before.body().length + "-")
                .header("If-Range", tag);
    }

    /** Changes the page, shows it for a while, and gives the page's time of the change. */
    private long time(String session, String change) {
        return ((Number) api.evaluate(session, change + "const at = Date.now(); " + FOR_A_WHILE + ".then(() => at)"))
                .longValue();
    }

    @Tag("full")
    @Test
    void aClientStartsAndStopsAndEachRecordingIsAFileOfItsOwn() throws Exception {
        String session = newSession(new JsonObject());
        assertThat(api.post(session + "/recording/stop").status()).isEqualTo(409);
        assertThat(api.get(session + "/recording").status()).isEqualTo(409);
        assertThat(api.post(session + "/recording/keep").status()).isEqualTo(409);
        api.navigate(session, redPage());
        JsonObject first = api.act(session, "recording/start", new JsonObject());
        assertThat(first.getBoolean("recording")).isTrue();
        assertThat(api.act(session, "recording/start", new JsonObject())).isEqualTo(first);
        time(session, "");
        JsonObject stopped = api.act(session, "recording/stop", new JsonObject());
        assertThat(stopped.getString("objectId")).isEqualTo(first.getString("objectId"));
        assertThat(stopped.getBoolean("recording")).isFalse();
        assertThat(stopped.getString("state")).isEqualTo("stored");
        assertThat(api.get(session).json().getJsonObject("recording")).isNull();
        time(session, BLUE);
        JsonObject second = api.act(session, "recording/start", new JsonObject());
        time(session, GREEN);
        api.act(session, "recording/stop", new JsonObject());
        assertThat(colours(decoded(stopped))).isEqualTo("r");
        JsonObject last = recordings(session).get(1);
        assertThat(last.getString("objectId")).isEqualTo(second.getString("objectId"));
        assertThat(colours(decoded(last))).isEqualTo("bg");
        byte[] video = Api.fetch(last.getString("publicUrl")).body();
        api.evaluate(
                session,
                "document.body.innerHTML = '<video muted autoplay src=\"data:video/webm;base64,"
                        + Base64.getEncoder().encodeToString(video) + "\">'");
        assertThat(Api.await(() -> api.evaluate(session, PLAYS), playing -> playing.equals(true)))
                .isEqualTo(true);
        assertThat(types(session))
                .containsSubsequence("start-recording", "start-recording", "stop-recording", "start-recording");
    }

    @Test
    void aRecordingThatIsStoppedAtOnceHasThePictureThatWasOnTheScreen() throws Exception {
        String session = newSession(new JsonObject());
        api.navigate(session, redPage());
        api.act(session, "recording/start", new JsonObject());
        JsonObject stopped = api.act(session, "recording/stop", new JsonObject());
        assertThat(stopped.getString("state")).isEqualTo("stored");
        assertThat(colours(decoded(stopped))).isEqualTo("r");
    }

    @Test
    void aSessionThatEndsAtOnceHasARecording() {
        for (int i = 0; i < 3; i++) {
            String session = newSession(recorded());
            api.delete(session);
            assertThat(stored(session).getInteger("size")).isPositive();
        }
    }

    @Tag("full")
    @Test
    void aClickIsSeenUnlessThatIsNotWanted() throws Exception {
        assertThat(redOfClick(recorded())).isGreaterThan(30);
        assertThat(redOfClick(flight())).isGreaterThan(30);
        JsonObject without = new JsonObject().put("pointer", false);
        assertThat(redOfClick(new JsonObject().put("recording", without).put("flightRecorder", true)))
                .isLessThan(20);
    }

    private int redOfClick(JsonObject options) throws Exception {
        String session = newSession(options);
        api.navigate(session, bluePage());
        // A busy machine takes a while to picture the page, and the mouse is shown for less than that.
        time(session, "");
        api.act(
                session,
                "mouse",
                new JsonObject().put("action", "click").put("x", 160).put("y", 120));
        time(session, "");
        JsonObject shown = api.get(session).json().getJsonObject("options");
        assertThat(shown.getValue("recording")).isEqualTo(options.getValue("recording", false));
        assertThat(shown.containsKey("pointerHidden")).isFalse();
        if (!options.containsKey("recording")) {
            api.act(session, "recording/keep", new JsonObject());
        }
        api.delete(session);
        return redInMiddle(stored(session));
    }

    @Tag("full")
    @Test
    void theMouseOfAClientIsSeen() throws Exception {
        JsonObject created = create(new JsonObject());
        String session = path(created);
        api.navigate(session, bluePage());
        api.act(session, "recording/start", new JsonObject());
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        client.send(
                "Input.dispatchMouseEvent",
                new JsonObject().put("type", "mouseMoved").put("x", 160).put("y", 120),
                client.attach());
        time(session, "");
        api.delete(session);
        assertThat(redInMiddle(stored(session))).isGreaterThan(30);
    }

    private String bluePage() {
        return berth.site.page("<body style='margin:0;background:#00f'>");
    }

    /** In the frames of a blue page. */
    private int redInMiddle(JsonObject recording) throws Exception {
        return decoded(recording).frames().stream()
                .filter(frame -> frame.colour(0, 0) == 'b')
                .mapToInt(Decoded.Shown::redInMiddle)
                .max()
                .orElseThrow();
    }

    private List<String> types(String session) {
        return api.get(session + "/actions").list("actions").stream()
                .map(action -> ((JsonObject) action).getString("type"))
                .toList();
    }

    @Tag("full")
    @Test
    void aRecordingSurvivesItsChrome() throws Exception {
        String session = newSession(recorded());
        api.navigate(session, redPage());
        time(session, "");
        time(session, GREEN);
        Berth.chromeOf(session).destroyForcibly();
        api.await(session, a -> a.json().getString("endedAt") != null);
        assertThat(api.get(session).json().getString("endReason")).isEqualTo("browser_crashed");
        assertThat(colours(decoded(stored(session)))).endsWith("rg");
    }

    @Tag("full")
    @Test
    void aFlightRecorderIsKeptWhenTheSessionFails() throws Exception {
        String session = newSession(flight());
        api.navigate(session, redPage());
        time(session, "");
        time(session, BLUE);
        // Two pictures a second, each of which a busy machine takes for a while.
        time(session, "");
        assertThat(recordings(session)).isEmpty();
        Berth.chromeOf(session).destroyForcibly();
        assertThat(colours(decoded(stored(session)))).endsWith("rb");
        assertThat(types(session)).contains("keep-recording");
        nothingIsLeft();
    }

    @Test
    void aFlightRecorderIsKeptOnRequestAndNotWhenTheSessionEndsWell() throws Exception {
        String session = newSession(flight());
        api.navigate(session, redPage());
        time(session, "");
        JsonObject kept = api.act(session, "recording/keep", new JsonObject());
        assertThat(colours(decoded(kept))).endsWith("r");
        api.delete(session);
        assertThat(recordings(session)).hasSize(1);
        nothingIsLeft();
    }

    private void nothingIsLeft() {
        Api.await(() -> files("recordings") + files("flights"), files -> files == 0);
    }

    /** Other tests of this class do not run at the same time. */
    private long files(String name) {
        try (Stream<Path> files = Files.list(berth.dataDir.resolve(name))) {
            return files.count();
        } catch (IOException e) {
            return 1;
        }
    }

    @Test
    void aBrowserPlaysARecordingAndSeeksInIt() {
        String session = newSession(recorded());
        api.navigate(session, redPage());
        time(session, GREEN);
        time(session, BLUE);
        api.delete(session);
        JsonArray played = play(stored(session).getString("publicUrl"));
        // From the first picture on, which may come late.
        assertThat(played.getDouble(0)).isGreaterThan(0.5);
        assertThat(played.getDouble(1)).isCloseTo(played.getDouble(0) - 0.2, within(1e-6));
        assertThat(played.getInteger(2)).isEqualTo(320);
        assertThat(played.getInteger(3)).isEqualTo(240);
    }

    /** In a browser of the test's own: sessions do not reach Berth's port. */
    private JsonArray play(String url) {
        try (PageDriver player = PageDriver.launch()) {
            player.open(berth.site.page("<video id=v muted src='" + url + "'>"));
            return (JsonArray) player.evaluate("""
                    new Promise((done, failed) => {
                      v.onerror = () => failed(new Error(v.error.message));
                      v.ondurationchange = () => { if (isFinite(v.duration)) v.currentTime = v.duration - 0.2; };
                      v.onseeked = () => done([v.duration, v.currentTime, v.videoWidth, v.videoHeight]);
                      if (v.readyState) v.ondurationchange();
                    })""");
        }
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions with browser extensions, on a machine that has full Chrome. */
class ExtensionsIT {
    private static final Map<String, String> FILES = Map.of(
            "manifest.json",
            """
            {"manifest_version": 3, "name": "Counter", "version": "1.0", "permissions": ["storage", "downloads", "tabs"],
             "host_permissions": ["<all_urls>"], "background": {"service_worker": "worker.js"},
             "action": {"default_popup": "popup.html"},
             "content_scripts": [{"matches": ["<all_urls>"], "js": ["content.js"], "run_at": "document_end"}]}""",
            "worker.js",
            """
            const counted = chrome.storage.local.get('n').then(({n = 0}) => chrome.storage.local.set({n: n + 1}));
            const tried = (url) => fetch(url).then((r) => r.status, () => 'failed');
            const downloaded = (url) => chrome.downloads.download({url}).then((id) => new Promise((done) => {
              const look = () => chrome.downloads.search({id}).then(([{state}]) =>
                state === 'in_progress' ? setTimeout(look, 50) : done(state));
              look();
            }), () => 'failed');
            chrome.runtime.onMessage.addListener((urls, sender, answer) => {
              counted.then(() => Promise.all([...urls.map(tried), downloaded('file:///etc/passwd')])).then(answer);
              return true;
            });""",
            "content.js",
            """
            addEventListener('try', ({detail}) => chrome.runtime.sendMessage(detail).then((answers) => {
              document.body.dataset.answers = JSON.stringify(answers);
            }));
            document.body.dataset.extension = 'here';""",
            "popup.html",
            "<!doctype html><title>Counter's popup</title><p id=n></p><script src=popup.js></script>",
            "popup.js",
            "chrome.storage.local.get('n').then(({n}) => { document.querySelector('#n').textContent = 'started ' + n; });");

    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("extensions-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);

    @BeforeAll
    static void fullChromeIsThere() {
        Assumptions.assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
    }

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    static byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Answer put(String name, byte[] body, String type) {
        return Api.send(HttpRequest.newBuilder(URI.create(berth.server.url() + "/api/extensions/" + name))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofByteArray(body)));
    }

    private String given() {
        Answer put = put("counter", zip(), "application/zip");
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        return put.json().getString("extensionId");
    }

    private Opened session(JsonObject options) {
        return api.create(new JsonObject()
                .put("initialPrompt", berth.site.page("<title>Page</title>"))
                .put("options", options.put("browser", "chrome").put("extensions", new JsonArray(List.of("counter")))));
    }

    private Object evaluate(Opened session, String expression) {
        return api.evaluate(session.path(), expression);
    }

    private String popup(Opened session, String id) {
        String url = "chrome-extension://" + id + "/popup.html";
        Answer opened = api.post(session.path() + "/pages", new JsonObject().put("url", url));
        assertThat(opened.json().getString("title")).as(opened.text()).isEqualTo("Counter's popup");
        JsonObject text = new JsonObject().put("format", "text");
        return Api.await(
                () -> api.post(session.path() + "/content", text).text(), content -> content.contains("started "));
    }

    @Test
    void anExtensionWorksInTheSessionAndItsRequestsAreHeldAndLogged() {
        String id = given();
        Opened session = session(new JsonObject());
        String data = berth.site.url("/two?by=worker");
        String own = berth.server.url() + "/health/live";
        Api.await(() -> evaluate(session, "document.body.dataset.extension"), "here"::equals);
        evaluate(
                session,
                "dispatchEvent(new CustomEvent('try', {detail: ['" + data + "', 'file:///etc/passwd', '" + own
                        + "']}))");
        Object answers = Api.await(() -> evaluate(session, "document.body.dataset.answers"), found -> found != null);
        assertThat(answers).isEqualTo("[200,\"failed\",\"failed\",\"interrupted\"]");
        JsonObject logged = api
                .await(session.path() + "/network", network -> network.text().contains("by=worker"))
                .list("requests")
                .stream()
                .map(JsonObject.class::cast)
                .filter(request -> request.getString("url").equals(data))
                .findFirst()
                .orElseThrow();
        assertThat(logged.getJsonObject("initiator").getString("extension")).isEqualTo("counter");
        assertThat(popup(session, id)).contains("started 1");
    }

    @Test
    void clientsReachItsPagesAndNoOtherExtensions() {
        String id = given();
        Opened session = session(new JsonObject());
        CdpClient client = CdpClient.connect(session.connectUrl());
        JsonObject popup = new JsonObject().put("url", "chrome-extension://" + id + "/popup.html");
        assertThat(client.ask("Target.createTarget", popup, "").containsKey("result"))
                .isTrue();
        JsonObject viewer =
                new JsonObject().put("url", "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html");
        assertThat(client.ask("Target.createTarget", viewer, "")
                        .getJsonObject("error")
                        .getString("message"))
                .contains("chrome-extension:");
        assertThat(client.ask("Extensions.getExtensions", new JsonObject(), "").containsKey("error"))
                .isTrue();
        assertThat(api.post(session.path() + "/pages", viewer).status()).isNotEqualTo(200);
        assertThat(api.get(session.path() + "/pages").text()).doesNotContain("mhjfbmdgcfjbbpaeojofohoefgiehjai");
    }

    /** The viewer's scripts may open tabs. Its frame is a target without a URL at first, and may be held there by a client. */
    @Test
    void clientsReachNoFrameOfThePdfViewer() {
        given();
        Opened session = session(new JsonObject());
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        JsonObject attach = new JsonObject()
                .put("autoAttach", true)
                .put("waitForDebuggerOnStart", true)
                .put("flatten", true);
        client.send("Target.setAutoAttach", attach, page);
        client.send("Page.enable", new JsonObject(), page);
        String pdf = Base64.getEncoder().encodeToString("%PDF-1.1".getBytes(StandardCharsets.UTF_8));
        client.send("Page.navigate", new JsonObject().put("url", "data:application/pdf;base64," + pdf), page);
        String frame = Api.await(() -> frame(client, page), Optional::isPresent).orElseThrow();
        JsonObject to = new JsonObject().put("targetId", frame).put("flatten", true);
        String attached = Api.await(
                        () -> client.ask("Target.attachToTarget", to, ""), answer -> answer.containsKey("result"))
                .getJsonObject("result")
                .getString("sessionId");
        assertThat(client.events("Target.attachedToTarget"))
                .noneMatch(event -> event.encode().contains(frame));
        assertThat(targets(client)).noneMatch(target -> target.encode().contains(frame));
        assertThat(client.ask("Runtime.evaluate", expression("1"), attached).containsKey("error"))
                .isTrue();
    }

    /** The id of the viewer's frame in a page, once the viewer is there. */
    private static Optional<String> frame(CdpClient client, String page) {
        return client
                .send("Page.getFrameTree", new JsonObject(), page)
                .getJsonObject("frameTree")
                .getJsonArray("childFrames", new JsonArray())
                .stream()
                .map(child -> ((JsonObject) child).getJsonObject("frame").getString("id"))
                .findFirst();
    }

    /**
     * The eyes close a page with such a URL, but later where a client's large answers are ahead of the events in the pipe. The client's script
     * in that page would let the extension read files.
     */
    @Test
    void noTabOfAnExtensionReachesChromesOwnPagesOrFiles() {
        String id = given();
        Opened session = session(new JsonObject());
        CdpClient client = CdpClient.connect(session.connectUrl());
        String first = client.attach();
        String worker = client.attach(target(client, "chrome-extension://" + id + "/worker.js"));
        for (int delay : List.of(100, 300)) {
            String target = client.send("Target.createTarget", new JsonObject().put("url", "about:blank#" + delay), "")
                    .getString("targetId");
            String page = client.attach(target);
            client.send("Page.enable", new JsonObject(), page);
            String grant = "chrome.developerPrivate?.updateExtensionConfiguration({extensionId: '" + id
                    + "', fileAccess: true})";
            client.send("Page.addScriptToEvaluateOnNewDocument", new JsonObject().put("source", grant), page);
            List<CompletableFuture<String>> large = IntStream.range(0, 4)
                    .mapToObj(i -> client.sendRaw("Runtime.evaluate", expression("'x'.repeat(4e7)"), first))
                    .toList();
            client.send(
                    "Runtime.evaluate",
                    expression("new Promise(r => setTimeout(r, " + delay + ")).then(() => chrome.tabs.query({}))"
                                    + ".then(tabs => chrome.tabs.update(tabs.find(t => t.url.endsWith('#" + delay
                                    + "')).id, {url: 'chrome://extensions/'}))")
                            .put("awaitPromise", true),
                    worker);
            large.forEach(CdpClient::get);
            Api.await(
                    () -> targets(client),
                    all -> all.stream().noneMatch(each -> each.getString("url").endsWith("#" + delay)));
        }
        assertThat(client.send(
                                "Runtime.evaluate",
                                expression("new Promise(done => chrome.extension.isAllowedFileSchemeAccess(done))")
                                        .put("awaitPromise", true),
                                worker)
                        .getJsonObject("result")
                        .getValue("value"))
                .isEqualTo(false);
    }

    private static JsonObject expression(String expression) {
        return new JsonObject().put("expression", expression).put("returnByValue", true);
    }

    private static String target(CdpClient client, String url) {
        return Api.await(
                        () -> targets(client).stream()
                                .filter(target -> target.getString("url").equals(url))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .getString("targetId");
    }

    private static List<JsonObject> targets(CdpClient client) {
        JsonObject all = new JsonObject().put("filter", new JsonArray(List.of(new JsonObject())));
        return client.send("Target.getTargets", all, "").getJsonArray("targetInfos").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void aProfileKeepsWhatItStores() {
        String id = given();
        JsonObject profile = new JsonObject().put("name", "extended").put("save", "always");
        Opened first = session(new JsonObject().put("profile", profile));
        assertThat(popup(first, id)).contains("started 1");
        api.delete(first.path());
        api.await(first.path(), ended -> ended.json().getJsonObject("profile").containsKey("saved"));
        // A new version keeps the id.
        assertThat(given()).isEqualTo(id);
        Opened second = session(new JsonObject().put("profile", profile));
        assertThat(popup(second, id)).contains("started 2");
    }

    @Test
    void whatCannotBeHadIsRefused() {
        assertThat(put("counter", zip(), "text/plain").status()).isEqualTo(415);
        assertThat(put("counter", "no zip".getBytes(StandardCharsets.UTF_8), "application/zip")
                        .error()
                        .getString("message"))
                .contains("zip");
        assertThat(put("a%20b", zip(), "application/zip").status()).isEqualTo(400);
        given();
        JsonObject named = new JsonObject().put("extensions", new JsonArray(List.of("counter")));
        assertThat(api.post("/api/sessions", new JsonObject().put("options", named))
                        .error()
                        .getString("message"))
                .contains("options.extensions", "chrome or headful");
        Api stranger = new Api(berth.server.url(), berth.keyOf("no-extensions"));
        JsonObject full = new JsonObject().put("options", named.copy().put("browser", "chrome"));
        assertThat(stranger.post("/api/sessions", full).status()).isEqualTo(404);
        assertThat(stranger.get("/api/extensions").list("extensions")).isEmpty();
        assertThat(stranger.delete("/api/extensions/counter").status()).isEqualTo(404);
        assertThat(api.get("/api/extensions").list("extensions")).hasSize(1);
        assertThat(api.delete("/api/extensions/counter").status()).isEqualTo(200);
        assertThat(api.post("/api/sessions", full).status()).isEqualTo(404);
    }
}

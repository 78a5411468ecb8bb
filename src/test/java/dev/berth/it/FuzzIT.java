package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.it.Api.Opened;
import dev.berth.it.FuzzRequests.Fuzzed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Generated inputs through every door: REST, MCP, the live view and CDP. Whatever comes, the server answers with what the contract has, or
 * with 502, 503 or 504 and a reason; it tells nothing of another user's, and nothing of its own code. A failure names its seed.
 */
class FuzzIT {
    private static final String SECRET = "what-only-another-user-may-see";
    private static final String PAGE = "<title>Fuzzed</title><input id=name><button>x</button><a href='#x'>x</a>";
    private static final List<String> ENDS_THE_TEST = List.of("drain", "revokeKey", "removeUser", "endAnySession");
    private static final Pattern CODE =
            Pattern.compile("\\bat (dev\\.berth|io\\.vertx|java\\.)|(?:java|io\\.vertx)\\.\\w+\\.\\w*Exception");
    private static final int THREADS = 3;
    /** Inputs to one session: they open pages, and all of them together would leave the server no processor. */
    private static final int INPUTS_OF_A_SESSION = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    /** Bytes of an answer that are looked at; streams of events have no end. */
    private static final int LOOKED_AT = 1 << 18;

    private final Berth berth = Berth.shared();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Long> answers = new TreeMap<>();
    private final AtomicLong inputs = new AtomicLong();
    private String page;
    private Api own;
    private String ownKey;
    private Api others;
    private String secretSession;

    @BeforeEach
    void begin() {
        page = berth.site.page(PAGE);
        ownKey = berth.keyOf("fuzz");
        own = new Api(berth.server.url(), ownKey);
        others = new Api(berth.server.url(), berth.keyOf("fuzzed-neighbour"));
        secretSession = others.newSession(new JsonObject()
                .put("initialPrompt", berth.site.page("<title>" + SECRET + "</title>"))
                .put("metadata", new JsonObject().put("secret", SECRET)));
    }

    @AfterEach
    void nothingWasLost() {
        threads.shutdownNow();
        assertThat(others.get(secretSession + "/health").json().getString("status"))
                .isEqualTo("healthy");
        others.delete(secretSession);
        own.get("/api/sessions?limit=100")
                .list("sessions")
                .forEach(each -> own.delete("/api/sessions/" + ((JsonObject) each).getString("sessionId")));
        assertThat(Berth.complaints()).isEmpty();
        assertThat(Berth.loggedWith("an MCP request failed")).isEmpty();
    }

    @Test
    @Tag("full")
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void twoMinutesThroughEveryDoor() throws Exception {
        through(Duration.ofMinutes(2), System.nanoTime());
        System.out.println(inputs + " inputs were answered: " + answers + "; " + eventLoopLag());
    }

    /** Those of the server's metrics: how often an event loop was late, by how much. */
    private String eventLoopLag() {
        return others.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("berth_event_loop_lag_seconds"))
                .collect(Collectors.joining(", "));
    }

    private void through(Duration time, long seed) throws Exception {
        long untilNanos = System.nanoTime() + time.toNanos();
        List<Callable<Void>> doors = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            doors.add(() -> requests(random, untilNanos));
        }
        doors.add(() -> messages(new Random(seed), untilNanos));
        doors.add(() -> viewers(new Random(seed), untilNanos));
        doors.add(() -> clients(new Random(seed), untilNanos));
        List<Future<Void>> done = new ArrayList<>();
        doors.forEach(door -> done.add(threads.submit(door)));
        for (Future<Void> each : done) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new AssertionError("with the seed " + seed, e.getCause());
            }
        }
    }

    private Void requests(Random random, long untilNanos) throws Exception {
        AtomicReference<String> session = new AtomicReference<>(newSession());
        Map<String, Supplier<String>> known = Map.of(
                "sessionId", () -> random.nextInt(10) == 0 ? id(secretSession) : session.get(),
                "offset", () -> String.valueOf(random.nextInt(3)),
                "page", () -> page);
        FuzzRequests requests = new FuzzRequests(random, page, known, ENDS_THE_TEST);
        while (System.nanoTime() < untilNanos && !Thread.interrupted()) {
            // An input may have ended the session: an update gives it other time-outs.
            if (own.get("/api/sessions/" + session + "/pages").status() != 200) {
                own.delete("/api/sessions/" + session);
                session.set(newSession());
            }
            Fuzzed fuzzed = requests.next();
            // The session is needed for the inputs that follow.
            if (fuzzed.operation().equals("openPage")) {
                closePages(session.get());
            }
            if (!fuzzed.method().equals("DELETE") || !fuzzed.path().matches("/api/sessions/" + session + "(\\?.*)?")) {
                judge(fuzzed, send(fuzzed, random));
            }
        }
        return null;
    }

    private String newSession() {
        return id(own.newSession(new JsonObject().put("initialPrompt", page)));
    }

    /** All but one. */
    private void closePages(String session) {
        String pages = "/api/sessions/" + session + "/pages";
        JsonArray open = own.get(pages).json().getJsonArray("pages", new JsonArray());
        for (int i = 1; i < open.size(); i++) {
            own.delete(pages + "/" + open.getJsonObject(i).getString("pageId"));
        }
    }

    private HttpResponse<java.io.InputStream> send(Fuzzed fuzzed, Random random) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(java.net.URI.create(berth.server.url() + fuzzed.path()))
                .timeout(PATIENCE)
                .method(fuzzed.method(), HttpRequest.BodyPublishers.ofString(fuzzed.body()));
        fuzzed.headers().forEach(request::setHeader);
        if (random.nextInt(30) != 0) {
            request.setHeader("Authorization", "Bearer " + (random.nextInt(10) == 0 ? Berth.KEY : ownKey));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void judge(Fuzzed fuzzed, HttpResponse<java.io.InputStream> answer) throws Exception {
        String text;
        try (java.io.InputStream body = answer.body()) {
            boolean stream =
                    answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
            text = stream ? "" : new String(body.readNBytes(LOOKED_AT), StandardCharsets.UTF_8);
        }
        int status = answer.statusCode();
        count("HTTP " + status);
        String as = fuzzed + " was answered " + status + " " + text.substring(0, Math.min(text.length(), 2_000));
        assertThat(status < 500 || List.of(502, 503, 504).contains(status))
                .as(as)
                .isTrue();
        assertThat(text).as(as).doesNotContain(SECRET).doesNotContainPattern(CODE);
        if (status >= 400
                && !fuzzed.path().startsWith("/mcp")
                && !fuzzed.method().equals("HEAD")) {
            JsonObject error = new JsonObject(text).getJsonObject("error");
            assertThat(error.getString("code")).as(as).isNotBlank();
            assertThat(error.getString("message")).as(as).isNotBlank();
            assertThat(error.getString("requestId")).as(as).isNotBlank();
        } else if (status == 201 && fuzzed.operation().equals("createSession")) {
            own.delete("/api/sessions/" + new JsonObject(text).getString("sessionId"));
        }
    }

    private synchronized void count(String what) {
        inputs.incrementAndGet();
        answers.merge(what, 1L, Long::sum);
    }

    /** MCP: all tools, with arguments that their schemas allow, or nearly. */
    private Void messages(Random random, long untilNanos) throws Exception {
        FuzzValues values = new FuzzValues(random, page);
        JsonObject initialize = new JsonObject()
                .put("protocolVersion", "2025-06-18")
                .put("capabilities", new JsonObject())
                .put("clientInfo", new JsonObject().put("name", "fuzz").put("version", "1"));
        HttpResponse<String> begun = mcp("", rpc("initialize", initialize).encode());
        String session = begun.headers().firstValue("Mcp-Session-Id").orElseThrow();
        mcp(
                session,
                rpc("notifications/initialized", new JsonObject()).putNull("id").encode());
        JsonArray tools = new JsonObject(
                        mcp(session, rpc("tools/list", new JsonObject()).encode())
                                .body())
                .getJsonObject("result")
                .getJsonArray("tools");
        while (System.nanoTime() < untilNanos && !Thread.interrupted()) {
            JsonObject tool = tools.getJsonObject(random.nextInt(tools.size()));
            JsonObject call = new JsonObject()
                    .put("name", values.oneIn(20) ? values.text() : tool.getString("name"))
                    .put("arguments", values.of("arguments", tool.getJsonObject("inputSchema")));
            String message =
                    rpc(values.oneIn(20) ? values.text() : "tools/call", call).encode();
            message = values.oneIn(20) ? message.substring(0, message.length() / 3) : message;
            HttpResponse<String> answer = mcp(session, message);
            count("MCP " + answer.statusCode());
            String as = shortened(message) + " was answered " + answer.statusCode() + " " + shortened(answer.body());
            assertThat(answer.statusCode()).as(as).isLessThan(500);
            assertThat(answer.body()).as(as).doesNotContain(SECRET).doesNotContainPattern(CODE);
        }
        return null;
    }

    private static JsonObject rpc(String method, Object params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params);
    }

    private HttpResponse<String> mcp(String session, String message) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(java.net.URI.create(berth.server.url() + "/mcp"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + ownKey)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(message));
        if (!session.isEmpty()) {
            request.header("Mcp-Session-Id", session);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static final List<String> LIVE_TYPES = List.of(
            "mouse",
            "wheel",
            "key",
            "touch",
            "text",
            "navigate",
            "back",
            "forward",
            "reload",
            "openPage",
            "activatePage",
            "show",
            "follow",
            "answerTask",
            "cancelTask",
            "dialog",
            "files",
            "select",
            "closePage");
    private static final List<String> LIVE_FIELDS = List.of(
            "action",
            "x",
            "y",
            "button",
            "buttons",
            "clickCount",
            "key",
            "code",
            "text",
            "url",
            "pageId",
            "modifiers",
            "deltaX",
            "deltaY",
            "accept",
            "promptText",
            "points",
            "files",
            "chooserId",
            "selectId",
            "indexes",
            "value",
            "taskId");

    /** The live view's socket. It may be closed for what it got, and is opened again. */
    private Void viewers(Random random, long untilNanos) {
        FuzzValues values = new FuzzValues(random, page);
        Opened session = own.create(new JsonObject().put("initialPrompt", page));
        RawWebSocket viewer = RawWebSocket.open(session.socket(session.token()));
        for (int sent = 1; System.nanoTime() < untilNanos && !Thread.interrupted(); sent++) {
            if (sent % INPUTS_OF_A_SESSION == 0) {
                viewer.close();
                session = another(session);
                viewer = RawWebSocket.open(session.socket(session.token()));
            }
            JsonObject message =
                    new JsonObject().put("type", values.oneIn(10) ? values.odd() : values.oneOf(LIVE_TYPES));
            for (int i = random.nextInt(6); i > 0; i--) {
                message.put(values.oneOf(LIVE_FIELDS), values.oneIn(2) ? random.nextInt(800) : values.odd());
            }
            String text = values.oneIn(20) ? values.text() : message.encode();
            try {
                viewer.send(values.oneIn(30) ? RawWebSocket.BINARY : RawWebSocket.TEXT, Buffer.buffer(text));
                viewer.skipArrived();
                count("live taken");
                // Nothing answers a message; this round trip keeps the next one from coming at once.
                assertThat(own.get(session.path() + "/health").status()).isEqualTo(200);
            } catch (UncheckedIOException closed) {
                count("live closed");
                viewer.close();
                viewer = RawWebSocket.open(session.socket(session.token()));
            }
        }
        viewer.close();
        assertThat(own.get(session.path()).status()).isEqualTo(200);
        return null;
    }

    private static final List<String> CDP_METHODS = List.of(
            "Browser.getVersion",
            "Browser.close",
            "Browser.setDownloadBehavior",
            "Browser.grantPermissions",
            "Target.getTargets",
            "Target.createTarget",
            "Target.closeTarget",
            "Target.attachToTarget",
            "Target.createBrowserContext",
            "Target.setAutoAttach",
            "Target.sendMessageToTarget",
            "Target.exposeDevToolsProtocol",
            "Page.navigate",
            "Page.captureScreenshot",
            "Page.printToPDF",
            "Page.setDownloadBehavior",
            "Runtime.evaluate",
            "Runtime.callFunctionOn",
            "DOM.setFileInputFiles",
            "DOM.getDocument",
            "Network.loadNetworkResource",
            "Network.enable",
            "Network.setCookies",
            "Fetch.enable",
            "Fetch.fulfillRequest",
            "IO.read",
            "Input.dispatchMouseEvent",
            "Input.insertText",
            "Emulation.setDeviceMetricsOverride",
            "SystemInfo.getInfo",
            "Tracing.start",
            "Storage.getCookies",
            "Memory.prepareForLeakDetection",
            "HeapProfiler.enable",
            "Security.setIgnoreCertificateErrors",
            "No.such");
    private static final List<String> CDP_FIELDS = List.of(
            "url",
            "targetId",
            "sessionId",
            "browserContextId",
            "expression",
            "files",
            "path",
            "behavior",
            "downloadPath",
            "flatten",
            "autoAttach",
            "waitForDebuggerOnStart",
            "returnByValue",
            "awaitPromise",
            "handle",
            "x",
            "y",
            "type",
            "proxyServer",
            "text",
            "width",
            "height");

    /** What the CDP client sent. */
    private final List<String> said = new ArrayList<>();

    /** A CDP client's socket. */
    private Void clients(Random random, long untilNanos) {
        FuzzValues values = new FuzzValues(random, page);
        Opened session = own.create(new JsonObject().put("initialPrompt", page));
        CdpClient client = CdpClient.connect(session.connectUrl());
        int id = 1_000;
        while (System.nanoTime() < untilNanos && !Thread.interrupted()) {
            if (id % INPUTS_OF_A_SESSION == 0) {
                client.vanish();
                session = another(session);
                client = CdpClient.connect(session.connectUrl());
            }
            id++;
            JsonObject params = new JsonObject();
            for (int i = random.nextInt(4); i > 0; i--) {
                params.put(values.oneOf(CDP_FIELDS), values.oneIn(3) ? page : values.odd());
            }
            JsonObject message = new JsonObject()
                    .put("id", values.oneIn(30) ? values.odd() : id)
                    .put("method", values.oneIn(30) ? values.odd() : values.oneOf(CDP_METHODS))
                    .put("params", values.oneIn(30) ? values.odd() : params);
            if (values.oneIn(8)) {
                message.put("sessionId", values.odd());
            }
            client = sent(client, session, values.oneIn(30) ? values.text() : message.encode());
            if (client == null) {
                // Browser.close ends the session, as its documentation says.
                session = another(session);
                client = CdpClient.connect(session.connectUrl());
            }
        }
        client.vanish();
        return null;
    }

    /** The client, another one where the socket was closed, or null where the session has ended. */
    private CdpClient sent(CdpClient client, Opened session, String text) {
        try {
            client.sendText(text);
        } catch (CompletionException closed) {
            count("CDP closed");
            // The client may have refused a text in the middle of a message, whose room the server keeps while the
            // socket is open.
            client.vanish();
            return again(session);
        }
        count("CDP taken");
        said.add(shortened(text));
        // Whatever it was, the next command is answered, or the socket is closed.
        try {
            return client.answers("Browser.getVersion", new JsonObject()) ? client : sent(client, session, "{}");
        } catch (AssertionError none) {
            throw new AssertionError(
                    "no answer after " + said.subList(Math.max(0, said.size() - 9), said.size()), none);
        }
    }

    private Opened another(Opened session) {
        own.delete(session.path());
        return own.create(new JsonObject().put("initialPrompt", page));
    }

    private CdpClient again(Opened session) {
        try {
            return CdpClient.connect(session.connectUrl());
        } catch (CompletionException refused) {
            count("CDP refused");
            return null;
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), 1_000));
    }

    private static String id(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

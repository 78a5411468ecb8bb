package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CDP clients of a session's Chrome. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayIT {
    private static final byte[] EMPTY_CLOSE = {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0};

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final TestSite site = berth.site;
    private final List<String> opened = new java.util.ArrayList<>();

    /** Of tests that leave it as they found it; each finds the active page. */
    private Opened common;

    @BeforeAll
    void openCommon() {
        common = api.create(new JsonObject().put("options", reconnect(600_000)));
    }

    @AfterAll
    void endCommon() {
        api.delete(common.path());
    }

    @AfterEach
    void end() {
        opened.forEach(session -> api.delete(session));
        opened.clear();
    }

    private Opened open(JsonObject options) {
        Opened created = api.create(new JsonObject().put("options", options));
        opened.add(created.path());
        return created;
    }

    private Opened open() {
        return open(new JsonObject());
    }

    private static JsonObject reconnect(long millis) {
        return new JsonObject().put("timeouts", new JsonObject().put("reconnect", millis));
    }

    private List<JsonObject> actions(String session, int count) {
        return api.await(session + "/actions", a -> a.json().getInteger("total") >= count).list("actions").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject ended(String session) {
        return api.await(session, a -> a.json().getString("endedAt") != null).json();
    }

    private String wsUrl(String path) {
        return berth.server.url().replaceFirst("^http", "ws") + path;
    }

    @Test
    void aClientDrivesPagesAndTheSessionRecordsIt() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        String target = client.send("Target.createTarget", new JsonObject().put("url", "about:blank"), "")
                .getString("targetId");
        String page = client.attach(target);
        client.send("Page.navigate", new JsonObject().put("url", site.url("/two")), page);
        assertThat(client.evaluate("1 + 1", page)).isEqualTo(2);
        client.send("Page.captureScreenshot", new JsonObject().put("format", "jpeg"), page);
        client.send("Page.navigate", new JsonObject().put("url", "http://127.0.0.1:1/"), page);
        String refusal = client.ask("Page.navigateToHistoryEntry", new JsonObject().put("entryId", 4_711), page)
                .getJsonObject("error")
                .getString("message");

        List<JsonObject> log = actions(session.path(), 5);
        assertThat(log)
                .extracting(a -> a.getString("type") + " " + a.getBoolean("success") + " " + a.getString("source"))
                .containsExactly(
                        "open-page true cdp",
                        "navigate true cdp",
                        "screenshot true cdp",
                        "navigate false cdp",
                        "navigate-history false cdp");
        assertThat(log.get(1).getJsonObject("details").getString("url")).isEqualTo(site.url("/two"));
        assertThat(log.get(1).getLong("duration")).isBetween(1L, 20_000L);
        assertThat(log.get(3).getString("error")).contains("net::ERR_UNSAFE_PORT");
        assertThat(log.get(4).getString("error")).isEqualTo(refusal);
        JsonObject told = api.await(session.path(), a -> a.json().getInteger("navigationCount") >= 1)
                .json();
        assertThat(told.getInteger("actionCount")).isEqualTo(5);
        assertThat(told.getInteger("screenshotCount")).isEqualTo(1);
        assertThat(told.getJsonArray("navigations").encode()).contains(site.url("/two"));
        client.leave();
    }

    @Test
    void aClientIsToldOfConnectionsAsIfNoProxyLayBetween() throws IOException {
        Opened session = common;
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        client.send("Network.enable", new JsonObject(), page);
        client.send("Page.navigate", new JsonObject().put("url", site.url("/two")), page);
        JsonObject response = client.event("Network.responseReceived", event -> true)
                .getJsonObject("params")
                .getJsonObject("response");
        assertThat(response.getString("remoteIPAddress") + ":" + response.getInteger("remotePort"))
                .isEqualTo(URI.create(site.url("/")).getAuthority());
        int closed;
        try (ServerSocket free = new ServerSocket(0)) {
            closed = free.getLocalPort();
        }
        JsonObject nowhere = new JsonObject().put("url", "http://127.0.0.1:" + closed + "/");
        assertThat(client.send("Page.navigate", nowhere, page).getString("errorText"))
                .isEqualTo("net::ERR_CONNECTION_REFUSED");
        assertThat(client.event("Network.loadingFailed", event -> true)
                        .getJsonObject("params")
                        .getString("errorText"))
                .isEqualTo("net::ERR_CONNECTION_REFUSED");
        client.leave();
    }

    @Test
    void theLastClosedPageIsReplacedByABlankOne() {
        Opened session = common;
        CdpClient client = CdpClient.connect(session.connectUrl());
        String first = target(client);
        client.send("Target.closeTarget", new JsonObject().put("targetId", first), "");
        Api.await(() -> pages(client), pages -> pages.size() == 1 && !pages.contains(first));
        client.leave();
        assertThat(api.navigate(session.path(), site.url("/two")).json().getString("title"))
                .isEqualTo("Two");
    }

    private static String target(CdpClient client) {
        return pages(client).get(0);
    }

    private static List<String> pages(CdpClient client) {
        return client.send("Target.getTargets").getJsonArray("targetInfos").stream()
                .map(JsonObject.class::cast)
                .filter(info -> info.getString("type").equals("page"))
                .map(info -> info.getString("targetId"))
                .toList();
    }

    @Test
    void downloadsOfAClientsContextAreArtifactsWhateverItsFolder() {
        Opened session = common;
        CdpClient client = CdpClient.connect(session.connectUrl());
        String context = client.send("Target.createBrowserContext").getString("browserContextId");
        client.send(
                "Browser.setDownloadBehavior",
                new JsonObject()
                        .put("behavior", "allow")
                        .put("downloadPath", "/tmp/elsewhere")
                        .put("browserContextId", context),
                "");
        String page = client.attach(client.send(
                        "Target.createTarget",
                        new JsonObject().put("url", site.url("/plain")).put("browserContextId", context),
                        "")
                .getString("targetId"));
        client.evaluate("location = '/report.csv'", page);
        api.await(session.path() + "/artifacts", a -> a.text().contains("\"download\""));
        client.leave();
    }

    @Test
    void downloadsAreKeptAgainAfterAClientThatDeniedThemLeaves() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        client.send("Browser.setDownloadBehavior", new JsonObject().put("behavior", "deny"), "");
        client.leave();
        api.navigate(session.path(), site.url("/plain"));
        // Until Chrome and the session have noticed.
        Api.await(
                () -> {
                    api.evaluate(session.path(), "location = '/report.csv'; 1");
                    return api.get(session.path() + "/artifacts").text();
                },
                artifacts -> artifacts.contains("\"download\""));
    }

    @Test
    void clicksAndKeysAreLoggedAndMovesAndTextForNoFieldAreNot() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        for (int i = 0; i < 50; i++) {
            mouse(client, page, "mouseMoved", i);
        }
        mouse(client, page, "mousePressed", 50);
        mouse(client, page, "mouseReleased", 50);
        client.send("Input.insertText", new JsonObject().put("text", "s3cret"), page);
        client.send(
                "Input.dispatchKeyEvent",
                new JsonObject().put("type", "keyDown").put("key", "Escape"),
                page);
        client.leave();
        List<JsonObject> log = actions(session.path(), 2);
        assertThat(log).extracting(a -> a.getString("type")).containsExactly("click", "press");
        assertThat(log.get(0).getJsonObject("details").getInteger("x")).isEqualTo(50);
        assertThat(log.get(1).getJsonObject("details").getString("key")).isEqualTo("Escape");
    }

    private static void mouse(CdpClient client, String page, String type, int x) {
        client.send(
                "Input.dispatchMouseEvent",
                new JsonObject()
                        .put("type", type)
                        .put("x", x)
                        .put("y", 10)
                        .put("button", type.equals("mouseMoved") ? "none" : "left")
                        .put("clickCount", 1),
                page);
    }

    @Test
    void severalClientsAtOnceAndOneThatComesBackFindThePageAndChromeListensOnNothing() throws IOException {
        Opened session = open(reconnect(3_000));
        CdpClient first = CdpClient.connect(session.connectUrl());
        CdpClient second = CdpClient.connect(session.connectUrl());
        first.evaluate("window.mark = 42", first.attach());
        assertThat(second.evaluate("window.mark", second.attach())).isEqualTo(42);
        assertThat(listening(Berth.chromeOf(session.path()))).isEmpty();
        first.leave();
        second.vanish();
        CdpClient again = CdpClient.connect(session.connectUrl());
        assertThat(again.evaluate("window.mark", again.attach())).isEqualTo(42);
        again.leave();
    }

    @Test
    void aSessionEndsWhenItsClientStaysAway() {
        Opened session = open(reconnect(200));
        CdpClient.connect(session.connectUrl()).vanish();
        JsonObject ended = ended(session.path());
        assertThat(ended.getString("endReason")).isEqualTo("client_disconnected");
        assertThat(ended.getString("status")).isEqualTo("completed");
    }

    @Test
    void closingTheBrowserEndsTheSession() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        assertThat(client.send("Browser.close")).isEmpty();
        assertThat(client.closed()).isEqualTo(new CdpClient.Closed(1000, "the session ended: client"));
        assertThat(ended(session.path()).getString("status")).isEqualTo("completed");
    }

    @Test
    void deleteClosesSocketsAndFailsPendingCommands() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        client.sendRaw("Page.navigate", new JsonObject().put("url", site.url("/hangs?relay")), page);
        Api.await(() -> site.served("/hangs?relay"), served -> !served.isEmpty());
        assertThat(api.delete(session.path()).status()).isEqualTo(200);
        assertThat(client.closed().code()).isEqualTo(1000);
        JsonObject action = actions(session.path(), 1).get(0);
        assertThat(action.getBoolean("success")).isFalse();
        assertThat(action.getString("error")).contains("the browser ended");
    }

    @Test
    void aBrowserThatDiesClosesItsSockets() {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        Berth.chromeOf(session.path()).destroyForcibly();
        assertThat(client.closed()).isEqualTo(new CdpClient.Closed(4010, "the session ended: browser_crashed"));
    }

    @Test
    void aTimeoutHasItsOwnCloseCode() {
        Opened session = open(new JsonObject().put("timeouts", new JsonObject().put("lifetime", 1_500)));
        assertThat(CdpClient.connect(session.connectUrl()).closed())
                .isEqualTo(new CdpClient.Closed(4008, "the session ended: max_lifetime"));
    }

    @Test
    void framesKeepASessionFromIdling() {
        Opened session = open(new JsonObject().put("timeouts", new JsonObject().put("idle", 2_000)));
        CdpClient client = CdpClient.connect(session.connectUrl());
        long start = System.nanoTime();
        Api.await(() -> client.send("Browser.getVersion"), v -> System.nanoTime() - start > 2_500_000_000L);
        assertThat(api.get(session.path()).json().getString("status")).isEqualTo("running");
        assertThat(client.closed().code()).isEqualTo(4008);
    }

    @Test
    void pingsDoNotKeepASessionFromIdling() {
        Opened session = open(new JsonObject().put("timeouts", new JsonObject().put("idle", 1_500)));
        CdpClient client = CdpClient.connect(session.connectUrl());
        Api.await(client::ping, open -> !open);
        assertThat(client.closed()).isEqualTo(new CdpClient.Closed(4008, "the session ended: idle_timeout"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoLeavesInTheMiddleOfSomethingLeavesNoTraces(boolean sending) throws IOException {
        Opened session = open(reconnect(60_000));
        if (sending) {
            try (Socket socket = Upgrade.accepted(session.connectUrl())) {
                socket.getOutputStream()
                        .write(message("{\"id\":1,\"method\":\"Target.getTargets\",\"x\":\"" + "x".repeat(10_000_000)
                                + "\"}"));
                socket.getOutputStream().write(EMPTY_CLOSE);
                assertThat(socket.getInputStream().read()).isPositive();
            }
        } else {
            CdpClient client = CdpClient.connect(session.connectUrl());
            String page = client.attach();
            client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "'x'.repeat(20 << 20)"), page);
            assertThat(client.evaluate("1", page)).isEqualTo(1);
            client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "'x'.repeat(20 << 20)"), page);
            client.vanish();
        }
        CdpClient next = CdpClient.connect(session.connectUrl());
        assertThat(next.evaluate("1 + 1", next.attach())).isEqualTo(2);
        next.leave();
    }

    @Test
    void aClientMayConnectBeforeTheSessionRuns() {
        JsonObject created = api.post("/api/sessions").json();
        opened.add("/api/sessions/" + created.getString("sessionId"));
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        assertThat(client.evaluate("1", client.attach())).isEqualTo(1);
        client.leave();
    }

    @Test
    void connectMakesASessionThatEndsWithItsClient() {
        String tag = UUID.randomUUID().toString();
        CdpClient client = CdpClient.connect(wsUrl("/connect?token=" + Berth.KEY
                + "&width=801&height=602&locale=de-DE&reconnect=100&metadata.tag=" + tag));
        assertThat(client.evaluate("innerWidth + 'x' + innerHeight + navigator.language", client.attach()))
                .isEqualTo("801x602de-DE");
        String session = mine(tag);
        client.leave();
        assertThat(ended(session).getString("endReason")).isEqualTo("client_disconnected");
    }

    @Test
    void aConnectingClientThatLeavesEarlyLeavesNoSession() throws IOException {
        String tag = UUID.randomUUID().toString();
        try (Socket impatient =
                Upgrade.ask(wsUrl("/connect?token=" + Berth.KEY + "&reconnect=100&metadata.tag=" + tag), Map.of())) {
            api.await(
                    "/api/sessions?includeTerminated=true&metadata.tag=" + tag,
                    a -> a.json().getInteger("total") == 1);
        }
        assertThat(ended(mine(tag)).getString("endReason")).isEqualTo("client_disconnected");
    }

    private String mine(String tag) {
        return "/api/sessions/"
                + api.get("/api/sessions?includeTerminated=true&metadata.tag=" + tag)
                        .list("sessions")
                        .getJsonObject(0)
                        .getString("sessionId");
    }

    private CdpClient connect(Opened session, boolean first) {
        if (!first) {
            CdpClient.connect(session.connectUrl());
        }
        return CdpClient.connect(session.connectUrl());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void largeMessagesArriveWhole(boolean first) {
        Opened session = open();
        CdpClient client = connect(session, first);
        String page = client.attach();
        String reply = CdpClient.get(
                client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "'x'.repeat(20 << 20)"), page));
        assertThat(reply.length()).isGreaterThan(20 << 20).isLessThan((20 << 20) + 1_000);
        assertThat(client.evaluate("'" + "y".repeat(10 << 20) + "'.length", page))
                .isEqualTo(10 << 20);
        client.leave();
    }

    @Test
    void theHostIsOutOfReach() {
        Opened session = common;
        CdpClient client = CdpClient.connect(session.connectUrl());
        String page = client.attach();
        JsonObject refused = client.ask("Browser.crash", new JsonObject(), "");
        assertThat(refused.getJsonObject("error").getInteger("code")).isEqualTo(-32000);
        JsonObject file = client.ask("Page.navigate", new JsonObject().put("url", "file:///etc/passwd"), page);
        assertThat(file.getJsonObject("error").getString("message")).contains("file:");
        assertThat(file.getString("sessionId")).isEqualTo(page);
        assertThat(client.evaluate("1", page)).isEqualTo(1);
        client.leave();
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "unmasked", "oversized"})
    void aClientThatBreaksTheProtocolHurtsNobody(String how) throws IOException {
        Opened session = common;
        byte[] bytes =
                switch (how) {
                    case "garbage" -> "GET / HTTP/1.1\r\n\r\n".repeat(100).getBytes(StandardCharsets.UTF_8);
                    case "unmasked" -> new byte[] {(byte) 0x81, 2, '{', '}'};
                    default -> new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4};
                };
        try (Socket socket = Upgrade.accepted(session.connectUrl())) {
            socket.getOutputStream().write(bytes);
            assertThat(socket.getInputStream().read()).isEqualTo(0x88);
            // Some clients go on writing for a while.
            socket.getOutputStream().write(new byte[200_000]);
        }
        CdpClient client = CdpClient.connect(session.connectUrl());
        assertThat(client.evaluate("1", client.attach())).isEqualTo(1);
        client.leave();
    }

    /** A masked frame; the mask is zero. */
    private static byte[] message(String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(payload.length + 14)
                .put((byte) 0x81)
                .put((byte) 0xff)
                .putLong(payload.length)
                .putInt(0)
                .put(payload)
                .array();
    }

    @Test
    void aPlainRequestIsToldThatThisIsAWebSocket() {
        Opened session = common;
        Api.Answer answer = api.get(session.path() + "/cdp");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().getString("message")).contains("WebSocket");
        assertThat(api.get("/connect").error().getString("message")).contains("WebSocket");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyCommandsInFlightAreAnsweredEach(boolean first) {
        Opened session = open();
        CdpClient client = connect(session, first);
        String page = client.attach();
        List<CompletableFuture<String>> replies = java.util.stream.IntStream.range(0, 500)
                .mapToObj(i -> client.sendRaw("Runtime.evaluate", new JsonObject().put("expression", "" + i), page))
                .toList();
        for (int i = 0; i < 500; i++) {
            assertThat(CdpClient.get(replies.get(i))).contains("\"value\":" + i + ",");
        }
        client.leave();
    }

    /** The sockets on which a process, or one below it, takes connections: as ss -ltnp finds them. */
    private static List<String> listening(ProcessHandle chrome) throws IOException {
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals("0A")) {
                    sockets.add("socket:[" + fields[9] + "]");
                }
            }
        }
        assertThat(sockets).as("the server itself listens").isNotEmpty();
        List<String> found = new ArrayList<>();
        for (ProcessHandle process :
                Stream.concat(Stream.of(chrome), chrome.descendants()).toList()) {
            try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
                files.map(RelayIT::target).filter(sockets::contains).forEach(found::add);
            } catch (NoSuchFileException e) {
                assertThat(process.isAlive()).isFalse(); // it has ended since
            }
        }
        return found;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return ""; // it was closed since it was listed
        }
    }

    @Test
    void whatAClientSetUpEndsWithIt() {
        Opened session = open();
        CdpClient client = connect(session, false);
        String page = client.attach();
        Object width = client.evaluate("innerWidth", page);
        JsonObject narrow = new JsonObject()
                .put("width", 321)
                .put("height", 200)
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
        client.send("Emulation.setDeviceMetricsOverride", narrow, page);
        assertThat(client.evaluate("innerWidth", page)).isEqualTo(321);
        client.leave();
        CdpClient next = CdpClient.connect(session.connectUrl());
        String same = next.attach();
        Api.await(() -> next.evaluate("innerWidth", same), width::equals);
        next.leave();
    }

    @Test
    void aMessageCannotHideAnother() {
        Opened session = common;
        CdpClient client = CdpClient.connect(session.connectUrl());
        client.sendText("{\"id\":1001,\"method\":\"Target.getTargets\"}\0{\"id\":1002,\"method\":\"Browser.close\"}");
        client.sendText("/**/{\"id\":1003,\"method\":\"Target.setDiscoverTargets\",\"params\":{\"discover\":true}}");
        client.sendText("{\"id\":1003,\"method\":\"Target.getTargets\",/*\"sessionId\":\"x\"*/\"a\":1}");
        assertThat(client.evaluate("1 + 1", client.attach())).isEqualTo(2);
        assertThat(api.get(session.path()).json().getString("status")).isEqualTo("running");
        client.leave();
    }

    /** The scheduling policy of a thread or process: 0 is the default, 3 a batch job (proc_pid_stat(5), field 41). */
    private static String schedulingPolicy(Path stat) throws IOException {
        String line = Files.readString(stat);
        return line.substring(line.lastIndexOf(')') + 2).split(" ")[38];
    }

    private static long batchEventLoops() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(RelayIT::isBatchEventLoop).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isBatchEventLoop(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).startsWith("vert.x-eventloo")
                    && schedulingPolicy(thread.resolve("stat")).equals("3");
        } catch (IOException e) {
            // The thread has ended since it was listed.
            assertThat(thread).doesNotExist();
            return false;
        }
    }

    @Test
    void aRelayingEventLoopIsABatchJob() throws IOException {
        Opened session = open();
        CdpClient client = CdpClient.connect(session.connectUrl());
        // Clients of tests that run beside this one may be on the other event loops.
        Api.await(RelayIT::batchEventLoops, batch -> batch >= 1);
        Opened other = open();
        for (Opened each : List.of(session, other)) {
            Path chrome = Path.of("/proc/" + Berth.chromeOf(each.path()).pid() + "/stat");
            assertThat(schedulingPolicy(chrome)).isEqualTo("0");
        }
        client.leave();
        Api.await(RelayIT::batchEventLoops, batch -> batch == 0);
    }
}

package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a CDP client may not send, or not at that size, and what it may. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayLimitsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private Api.Opened session;
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** One for all tests, whose clients leave it as they found it. */
    @BeforeAll
    void create() {
        session = api.create(new JsonObject()
                .put("options", new JsonObject().put("timeouts", new JsonObject().put("reconnect", 600_000))));
    }

    @AfterAll
    void delete() {
        api.delete(session.path());
    }

    private String wsUrl(String path) {
        return berth.server.url().replaceFirst("^http", "ws") + path;
    }

    @Test
    void anIdComesBackAsItWasWritten() {
        CdpClient client = CdpClient.connect(session.connectUrl());
        for (String id : List.of("-0", "1.0", "7")) {
            assertThat(client.answer(id, "{\"id\":" + id + ",\"method\":\"Browser.crash\"}"))
                    .startsWith("{\"id\":" + id + ",\"error\":{\"code\":-32000,");
        }
        for (String id : List.of("1e308", "18446744073709551616", "1.5")) {
            // Refused by the policy, and rewritten.
            for (String method : List.of("Browser.crash", "Browser.setDownloadBehavior")) {
                String command =
                        "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{\"behavior\":\"allow\"}}";
                assertThat(client.answer(id, command)).startsWith("{\"id\":" + id + ",\"error\":{\"code\":-32600,");
            }
        }
        for (String id : List.of("\"x\"", "{}", "[1]", "null", "true")) {
            String judged = "{\"id\":" + id + ",\"method\":\"Browser.crash\"}";
            String chromes = "{\"id\":" + id + ",\"method\":\"Browser.getVersion\"}";
            assertThat(client.answer("", judged)).isEqualTo(client.answer("", chromes));
        }
        assertThat(client.answer("9", "{\"id\":9}")).contains("-32600", "Message must have string 'method' property");
        assertThat(client.answer("9", "{\"id\":9,\"method\":\"Browser.getVersion\",\"foo\":1}"))
                .contains("-32600", "Message has property other than 'id', 'method', 'sessionId', 'params'");
        client.leave();
    }

    @ParameterizedTest
    @CsvSource({"Page.navigate, url", "DOM.setFileInputFiles, files", "Target.createTarget, url"})
    void aJudgedCommandThatIsTooLongIsRefusedWithItsIdAndItsSession(String method, String param) {
        String url = session.connectUrl();
        CdpClient client = CdpClient.connect(url);
        String page = client.attach();
        for (int length : new int[] {1 << 20, 21_000_000}) {
            String refused = client.answer(
                    "1.0",
                    "{\"method\":\"" + method + "\",\"params\":{\"" + param + "\":\"" + "x".repeat(length)
                            + "\"},\"sessionId\":\"" + page + "\",\"id\":1.0}");
            assertThat(refused)
                    .isEqualTo("{\"id\":1.0,\"error\":{\"code\":-32000,\"message\":\"" + method
                            + " may have at most 1048576 bytes\"},\"sessionId\":\"" + page + "\"}");
        }
        assertThat(client.evaluate("1", page)).isEqualTo(1);
        client.leave();
    }

    @Test
    void ambiguousMessagesAreRefused() {
        CdpClient client = CdpClient.connect(session.connectUrl());
        for (String rest : List.of(
                ",\"method\":\"Browser.getVersion\",\"method\":\"Browser.getVersion\"}",
                ",\"method\":\"Browser.getVersion\",\"\\u006dethod\":\"Browser.close\"}",
                ",\"method\":\"Browser.close\\u0022\"}",
                ",/**/\"method\":\"Browser.getVersion\"}",
                ",\"method\":\"Browser.getVersion\"} {}",
                ",\"params\":{\"x\":" + "[".repeat(301) + "]".repeat(301) + "},\"method\":\"Browser.getVersion\"}")) {
            assertThat(client.answer("8", "{\"id\":8" + rest)).startsWith("{\"id\":8,\"error\":{\"code\":-32700,");
        }
        assertThat(client.answer("", "[]")).startsWith("{\"error\":{\"code\":-32700,");
        assertThat(client.send("Browser.getVersion")).isNotEmpty();
        client.leave();
    }

    @Test
    void whatIsNotJudgedMayBeLong() {
        int length = 12_000_000;
        String url = session.connectUrl();
        CdpClient client = CdpClient.connect(url);
        String page = client.attach();
        assertThat(client.evaluate("'" + "y".repeat(length) + "'.length", page)).isEqualTo(length);
        assertThat(client.send(
                                "Runtime.evaluate",
                                new JsonObject().put("expression", "'" + "ü".repeat(200_000) + "'.length"),
                                page)
                        .getJsonObject("result")
                        .getValue("value"))
                .isEqualTo(200_000);
        client.send(
                "Runtime.evaluate",
                new JsonObject()
                        .put(
                                "expression",
                                "document.body.innerHTML = '<input autofocus>'; document.querySelector('input').focus()"),
                page);
        client.send("Input.insertText", new JsonObject().put("text", "z".repeat(1_200_000)), page);
        assertThat(client.evaluate("document.querySelector('input').value.length", page))
                .isEqualTo(1_200_000);
        client.leave();
        JsonObject filled =
                api.await(session.path() + "/actions", a -> a.text().contains("\"fill\"")).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(action -> action.getString("type").equals("fill"))
                        .findFirst()
                        .orElseThrow();
        assertThat(filled.getJsonObject("details").getString("value"))
                .startsWith("zzz")
                .hasSizeLessThan(5_000);
    }

    @Test
    void tracingWorksAfterARefusedStart() {
        CdpClient client = CdpClient.connect(session.connectUrl());
        JsonObject toFile =
                new JsonObject().put("transferMode", "ReturnAsStream").put("tracingBackend", "system");
        assertThat(client.ask("Tracing.start", toFile, "")
                        .getJsonObject("error")
                        .getString("message"))
                .contains("backend");
        JsonObject own = new JsonObject().put("transferMode", "ReturnAsStream").put("categories", "blink");
        client.send("Tracing.start", own, "");
        client.send("Tracing.end");
        Api.await(() -> client.ask("Tracing.start", own, ""), answer -> !answer.containsKey("error"));
        client.leave();
    }

    @Test
    void aContextCannotHaveAProxyOfItsOwn() {
        CdpClient client = CdpClient.connect(session.connectUrl());
        JsonObject refused = client.ask(
                "Target.createBrowserContext", new JsonObject().put("proxyServer", "http://192.0.2.1:1"), "");
        assertThat(refused.getJsonObject("error").getString("message")).contains("proxyServer");
        assertThat(client.send("Target.createBrowserContext")).isNotEmpty();
        JsonObject ofClient = new JsonObject().put("proxyServer", "http://127.0.0.1:1");
        String context =
                client.send("Target.createBrowserContext", ofClient, "").getString("browserContextId");
        // Chrome would fail with the proxy.
        client.send(
                "Target.createTarget",
                new JsonObject().put("url", berth.site.page("<h1>page</h1>")).put("browserContextId", context),
                "");
        api.await(session.path() + "/actions", answer -> answer.text().contains("\"ignored\":\"proxyServer\""));
        client.send("Target.disposeBrowserContext", new JsonObject().put("browserContextId", context), "");
        client.leave();
    }

    @Test
    void pagesOfOtherOriginsMayUseATokenButNotAKey() {
        String url = session.connectUrl();
        Map<String, String> evil = Map.of("Origin", "https://evil.example");
        CdpClient client = CdpClient.connect(url, evil);
        assertThat(client.send("Browser.getVersion")).isNotEmpty();
        client.leave();
        String connect = wsUrl("/connect?token=" + Berth.KEY + "&reconnect=0");
        Upgrade.Refusal refusal = Upgrade.refused(connect, evil);
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.message()).isEqualTo("a page of another origin can't use an API key");
        CdpClient own = CdpClient.connect(connect, Map.of("Origin", berth.server.url()));
        assertThat(own.send("Browser.getVersion")).isNotEmpty();
        own.leave();
    }

    @Test
    void theClientsOfASessionAreLimited() {
        Api.Opened crowded = api.create();
        String url = crowded.connectUrl();
        List<CdpClient> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(CdpClient.connect(url));
            clients.get(i).send("Browser.getVersion");
        }
        assertThat(Upgrade.refused(url).status()).isEqualTo(429);
        assertThat(Upgrade.refused(url).message()).isEqualTo("a session can have at most 16 clients");
        clients.get(3).leave();
        Api.await(() -> CdpClient.isLetIn(url), letIn -> letIn);
        api.delete(crowded.path());
    }

    /** The memory that they hold counts for their user: that user's other clients wait for it, and no one else. */
    @Tag("full")
    @Test
    void clientsWithHalfSentLargeMessagesDoNotHarmOthers() throws IOException {
        Api.Opened held = api.create();
        String url = held.connectUrl();
        for (int i = 0; i < 3; i++) {
            sockets.add(Upgrade.accepted(url));
        }
        CompletableFuture.anyOf(sockets.stream()
                        .map(socket -> CompletableFuture.runAsync(() -> sayHalf(socket), this::start))
                        .toArray(CompletableFuture[]::new))
                .join();
        JsonObject large = new JsonObject().put("x", "x".repeat(90_000_000));
        Api stranger = new Api(berth.server.url(), berth.keyOf("a neighbour"));
        Api.Opened created = stranger.create();
        CdpClient neighbour = CdpClient.connect(created.connectUrl());
        assertThat(neighbour.answers("Browser.getVersion", large)).isTrue();
        neighbour.leave();
        stranger.delete(created.path());

        CdpClient waits = CdpClient.connect(url);
        CompletableFuture<Boolean> answered =
                CompletableFuture.supplyAsync(() -> waits.answers("Browser.getVersion", large), this::start);
        assertThat(CdpClient.connect(url).answers("Browser.getVersion", new JsonObject()))
                .as("small ones never wait")
                .isTrue();
        assertThat(answered).isNotDone();
        for (Socket socket : sockets) {
            socket.close();
        }
        assertThat(answered.join()).isTrue();
        api.delete(held.path());
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends 90 MB of a message of 100 MB as fast as they are taken; the mask is zero. */
    private static void sayHalf(Socket socket) {
        byte[] head = ByteBuffer.allocate(14)
                .put((byte) 0x81)
                .put((byte) 0xff)
                .putLong(100_000_000)
                .putInt(0)
                .array();
        byte[] part = "x".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        try {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write("{\"x\":\"".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 90; i++) {
                socket.getOutputStream().write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

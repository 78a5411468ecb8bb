package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sites that let nobody in without a password or a header, or whose certificate nobody has signed. */
class ProtectedSitesIT {
    private static final String SECRET = "s3cret-of-the-site";
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString(("ann-of-the-site:" + SECRET).getBytes());
    private static final Path FOLDER = Berth.temporaryFolder();
    /** URL, {@code Authorization} and {@code X-Trial} of each request. */
    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

    private static HttpServer plain;
    private static HttpServer secure;

    private final Api api = Berth.shared().api();

    @BeforeAll
    static void start() throws Exception {
        Path keys = FOLDER.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=nobody",
                        "-storepass",
                        "password",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        plain = listen(new HttpServerOptions());
        secure = listen(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(keys.toString()).setPassword("password")));
    }

    private static HttpServer listen(HttpServerOptions options) throws Exception {
        return Berth.shared()
                .vertx
                .createHttpServer(options)
                .requestHandler(ProtectedSitesIT::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        plain.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        secure.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        Berth.delete(FOLDER);
    }

    private static void answer(HttpServerRequest request) {
        ASKED.add(request.path() + " " + request.getHeader("Authorization") + " " + request.getHeader("X-Trial"));
        String type = request.path().endsWith(".js") ? "text/javascript" : "text/html";
        if (request.path().startsWith("/locked") && !LOGIN.equals(request.getHeader("Authorization"))) {
            request.response().setStatusCode(401).putHeader("WWW-Authenticate", "Basic realm=\"x\"");
        } else if (request.path().equals("/moves")) {
            request.response()
                    .setStatusCode(302)
                    .putHeader("Location", "http://localhost:" + plain.actualPort() + "/moved");
        }
        request.response()
                .putHeader("Content-Type", type)
                .putHeader("Access-Control-Allow-Origin", "*")
                .end(
                        request.path().equals("/worker.js")
                                ? "fetch('/from-worker').then(() => postMessage(1))"
                                : "<title>" + request.path() + "</title>");
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + plain.actualPort() + path;
    }

    private static String secureUrl(String path) {
        return "https://127.0.0.1:" + secure.actualPort() + path;
    }

    /** What the site was asked for with this path. */
    private static List<String> asked(String path) {
        return ASKED.stream().filter(each -> each.startsWith(path + " ")).toList();
    }

    private String session(JsonObject options) {
        return api.newSession(new JsonObject().put("options", options));
    }

    private static JsonObject credentials(String username, String password, String... urls) {
        JsonArray all = new JsonArray();
        for (String url : urls) {
            all.add(new JsonObject()
                    .put("origin", url)
                    .put("username", username)
                    .put("password", password));
        }
        return new JsonObject().put("httpCredentials", all);
    }

    private CdpClient connect(String session) {
        return CdpClient.connect(api.get(session + "/cdp/json/version").json().getString("webSocketDebuggerUrl"));
    }

    /** Opens a page as a CDP client, in a context of its own; gives its title. */
    private String titleOfAClientsPage(String session, String url) {
        CdpClient client = connect(session);
        String context = client.send("Target.createBrowserContext").getString("browserContextId");
        String target = client.send(
                        "Target.createTarget", new JsonObject().put("url", url).put("browserContextId", context), "")
                .getString("targetId");
        String page = client.attach(target);
        return Api.await(
                () -> client.send(
                                "Runtime.evaluate",
                                new JsonObject().put("expression", "document.readyState + document.title"),
                                page)
                        .getJsonObject("result")
                        .getString("value"),
                text -> text.startsWith("complete") && text.length() > "complete".length());
    }

    private int status(String session, String url) {
        return api.navigate(session, url).json().getInteger("status", 0);
    }

    @Test
    void aCertificateThatNobodySignedIsAcceptedWhereASessionSaysSo() {
        String other = api.newSession();
        Api.Answer refused = api.post(other + "/navigate", new JsonObject().put("url", secureUrl("/")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("net::ERR_CERT_AUTHORITY_INVALID");
        api.delete(other);
        String session = session(new JsonObject().put("ignoreHttpsErrors", true));
        api.navigate(session, secureUrl("/open"));
        assertThat(api.evaluate(session, "fetch('/fetched').then(answer => answer.status)"))
                .isEqualTo(200);
        assertThat(titleOfAClientsPage(session, secureUrl("/of-a-client"))).isEqualTo("complete/of-a-client");
        assertThat(api.get(session).json().getJsonObject("options").getBoolean("ignoreHttpsErrors"))
                .isTrue();
        api.delete(session);
    }

    @Test
    void everyRequestHasTheSessionsHeadersWhichNobodyReads() {
        String session = session(new JsonObject().put("headers", new JsonObject().put("X-Trial", SECRET)));
        api.navigate(session, url("/moves"));
        assertThat(api.evaluate(session, """
                new Promise(done => { new Worker('/worker.js').onmessage = message => done(message.data); })""")).isEqualTo(1);
        api.evaluate(
                session,
                "new Promise(done => { const frame = document.createElement('iframe'); frame.onload = () => done(1);"
                        + " frame.src = '" + url("/framed") + "'; document.body.append(frame); })");
        assertThat(titleOfAClientsPage(session, url("/client"))).isEqualTo("complete/client");
        for (String path : List.of("/moves", "/moved", "/worker.js", "/from-worker", "/framed", "/client")) {
            assertThat(asked(path)).as(path).isNotEmpty().allMatch(each -> each.endsWith(" null " + SECRET));
        }
        Api.Answer network = api.await(
                session + "/network",
                answer -> answer.text().contains("/client") && answer.text().contains("/framed"));
        assertThat(network.text()).containsIgnoringCase("\"x-trial\":\"[redacted]\"");
        requireHidden(session, "X-Trial");
    }

    @Test
    void aServerThatAsksGetsTheCredentialsOfItsOrigin() {
        String session = session(credentials("ann-of-the-site", SECRET, url("/")));
        assertThat(status(session, url("/locked"))).isEqualTo(200);
        assertThat(api.evaluate(session, "fetch('/locked/fetched').then(answer => answer.status)"))
                .isEqualTo(200);
        assertThat(titleOfAClientsPage(session, url("/locked/client"))).isEqualTo("complete/locked/client");
        assertThat(status(session, url("/open"))).isEqualTo(200);
        assertThat(status(session, "http://localhost:" + plain.actualPort() + "/locked/elsewhere"))
                .isEqualTo(401);
        assertThat(asked("/locked/elsewhere")).containsOnly("/locked/elsewhere null null");
        rulesChangeNothing(session);
        requireHidden(session, url(""));
    }

    /** Rules for requests and credentials share one interception. */
    private void rulesChangeNothing(String session) {
        JsonObject mock = new JsonObject().put("url", "**/locked/mocked").put("action", "mock");
        String rule = session + "/routes/" + api.act(session, "routes", mock).getString("routeId");
        assertThat(status(session, url("/locked/mocked"))).isEqualTo(200);
        assertThat(status(session, url("/locked/with-a-rule"))).isEqualTo(200);
        assertThat(asked("/locked/mocked")).isEmpty();
        api.delete(rule);
        assertThat(status(session, url("/locked/without-rules"))).isEqualTo(200);
    }

    @Test
    void wrongCredentialsAreTriedOnce() {
        String session = session(credentials("ann-of-the-site", "wrong", url("/"), secureUrl("/"))
                .put("ignoreHttpsErrors", true));
        assertThat(status(session, secureUrl("/locked/wrong"))).isEqualTo(401);
        assertThat(asked("/locked/wrong")).hasSize(2);
        api.delete(session);
    }

    @Test
    void aClientThatHoldsRequestsByItselfIsNotHeldUp() {
        String session = session(credentials("ann-of-the-site", SECRET, url("/")));
        CdpClient client = connect(session);
        String page = client.attach();
        client.send("Fetch.enable", new JsonObject(), page);
        client.sendRaw("Page.navigate", new JsonObject().put("url", url("/locked/held")), page);
        JsonObject held = client.event("Fetch.requestPaused", event -> true).getJsonObject("params");
        client.send("Fetch.continueRequest", new JsonObject().put("requestId", held.getString("requestId")), page);
        api.await(session, answer -> answer.text().contains("\"title\":\"/locked/held\""));
        api.delete(session);
    }

    /** Not while it lives, nor after. */
    private void requireHidden(String session, String shown) {
        assertThat(api.get(session).json().getJsonObject("options").encode())
                .contains(shown, "redacted")
                .doesNotContain(SECRET, "ann-of-the-site");
        api.delete(session);
        assertThat(api.get(session).json().getJsonObject("options").encode())
                .contains(shown, "redacted")
                .doesNotContain(SECRET, "ann-of-the-site");
        for (String kept :
                List.of("/actions?limit=100", "/network?limit=1000", "/console", "/har", "/events?kinds=network")) {
            assertThat(api.get(session + kept).text())
                    .as(kept)
                    .doesNotContain(SECRET, LOGIN.substring("Basic ".length()));
        }
        assertThat(Berth.loggedWith(SECRET)).isEmpty();
    }
}

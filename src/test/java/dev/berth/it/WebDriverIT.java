package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.berth.it.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** WebDriver, as programs speak it, on a machine that has chromedriver. */
@ResourceLock("chromedriver")
class WebDriverIT {
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final String FORM = """
            <title>Form</title><input id=name><button id=go onclick="said.textContent = document.all.name.value">Go</button>
            <p id=said></p><button id=ask onclick="said.textContent = confirm('Sure?')">Ask</button>
            <a id=new target=_blank href=/two>new</a>""";

    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("webdriver-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);

    @BeforeAll
    static void chromedriverIsThere() {
        Assumptions.assumeTrue(Drivers.chromedriver().isPresent(), "no chromedriver on this machine");
    }

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    private Answer call(String method, String path, String body, String... headers) {
        return Api.call(berth.server.url() + path, method, body, headers);
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("anybody:" + key).getBytes(StandardCharsets.UTF_8));
    }

    private Answer create(JsonObject capabilities) {
        JsonObject body = new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities));
        return call("POST", "/wd/hub/session", body.encode(), "Authorization", basic());
    }

    private static JsonObject chrome() {
        return new JsonObject().put("browserName", "chrome");
    }

    private static JsonObject options(String name, Object value) {
        return chrome().put("goog:chromeOptions", new JsonObject().put(name, value));
    }

    private static JsonObject value(Answer answer) {
        return new JsonObject(answer.text()).getJsonObject("value");
    }

    private static String error(Answer answer) {
        JsonObject value = value(answer);
        return answer.status() + " " + value.getString("error") + ": " + value.getString("message");
    }

    /** A session of the standard's protocol, whose id alone proves its requests. */
    private final class Driver {
        final String id;
        final JsonObject capabilities;

        Driver(JsonObject wanted) {
            Answer answer = create(wanted);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            id = value(answer).getString("sessionId");
            capabilities = value(answer).getJsonObject("capabilities");
        }

        String berthId() {
            return capabilities.getString("berth:sessionId");
        }

        Answer ask(String method, String path, Object body) {
            return call(method, "/session/" + id + path, method.equals("POST") ? body.toString() : "");
        }

        Object good(String method, String path, Object body) {
            Answer answer = ask(method, path, body);
            assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
            return new JsonObject(answer.text()).getValue("value");
        }

        Object get(String path) {
            return good("GET", path, "");
        }

        Object post(String path, JsonObject body) {
            return good("POST", path, body);
        }

        void open(String html) {
            post("/url", new JsonObject().put("url", berth.site.page(html)));
        }

        String find(String css) {
            JsonObject found = (JsonObject) post(
                    "/element", new JsonObject().put("using", "css selector").put("value", css));
            return "/element/" + found.getString(ELEMENT);
        }

        Object script(String text, Object... arguments) {
            return post(
                    "/execute/sync",
                    new JsonObject().put("script", text).put("args", new JsonArray(List.of(arguments))));
        }
    }

    @Test
    void aFormIsFilledInAndTheSessionEndsWithQuit() {
        Driver driver = new Driver(chrome().put(
                        "berth:options",
                        new JsonObject()
                                .put("name", "by webdriver")
                                .put("metadata", new JsonObject().put("suite", "it"))));
        assertThat(driver.capabilities.fieldNames()).doesNotContain("goog:processID");
        assertThat(driver.capabilities.encode()).doesNotContain("/tmp").doesNotContain("profiles");
        JsonObject session = api.get("/api/sessions/" + driver.berthId()).json();
        assertThat(session.getString("name")).isEqualTo("by webdriver");
        driver.open(FORM);
        assertThat(driver.get("/title")).isEqualTo("Form");
        driver.post(driver.find("#name") + "/value", new JsonObject().put("text", "Ada \u00fc"));
        driver.post(driver.find("#go") + "/click", new JsonObject());
        assertThat(driver.get(driver.find("#said") + "/text")).isEqualTo("Ada \u00fc");
        assertThat(driver.script("return [arguments[0] + 1, document.title]", 41))
                .isEqualTo(new JsonArray("[42,\"Form\"]"));
        assertThat(Base64.getDecoder().decode((String) driver.get("/screenshot")))
                .startsWith(0x89, 'P', 'N', 'G');
        driver.post(
                "/cookie",
                new JsonObject()
                        .put("cookie", new JsonObject().put("name", "user").put("value", "ada")));
        assertThat(driver.get("/cookie/user").toString()).contains("ada");
        assertThat(error(driver.ask(
                        "POST",
                        "/element",
                        new JsonObject().put("using", "css selector").put("value", "#none"))))
                .startsWith("404 no such element: ");
        assertThat(driver.good("DELETE", "", "")).isNull();
        assertThat(api.get("/api/sessions/" + driver.berthId()).json().getString("status"))
                .isEqualTo("completed");
        assertThat(error(call("GET", "/session/" + driver.id + "/title", ""))).contains("invalid session id");
        assertThat(Api.await(Drivers::processes, List::isEmpty)).isEmpty();
    }

    @Test
    void windowsAndAlertsAreDriven() {
        Driver driver = new Driver(chrome());
        driver.open(FORM);
        driver.post(driver.find("#ask") + "/click", new JsonObject());
        assertThat(driver.get("/alert/text")).isEqualTo("Sure?");
        driver.post("/alert/accept", new JsonObject());
        assertThat(driver.get(driver.find("#said") + "/text")).isEqualTo("true");
        String first = (String) driver.get("/window");
        driver.post(driver.find("#new") + "/click", new JsonObject());
        JsonArray both = Api.await(() -> (JsonArray) driver.get("/window/handles"), handles -> handles.size() == 2);
        String second = both.stream()
                .map(String.class::cast)
                .filter(each -> !each.equals(first))
                .findFirst()
                .orElseThrow();
        driver.post("/window", new JsonObject().put("handle", second));
        assertThat(Api.await(() -> driver.get("/title"), "Two"::equals)).isEqualTo("Two");
        assertThat(driver.good("DELETE", "/window", "")).isEqualTo(new JsonArray().add(first));
        driver.post("/window", new JsonObject().put("handle", first));
        assertThat(driver.good("DELETE", "/window", "")).isEqualTo(new JsonArray());
        assertThat(error(call("GET", "/session/" + driver.id + "/title", ""))).contains("invalid session id");
    }

    @Test
    void capabilitiesBecomeOptionsOfTheSession() {
        JsonObject wanted = options(
                        "args",
                        new JsonArray()
                                .add("--headless=new")
                                .add("--window-size=700,500")
                                .add("--user-agent=Mine/1")
                                .add("--lang=de")
                                .add("--kiosk"))
                .put("se:timeZone", "Asia/Tokyo")
                .put("timeouts", new JsonObject().put("implicit", 1));
        wanted.getJsonObject("goog:chromeOptions").put("prefs", new JsonObject().put("a.b", 1));
        Driver driver = new Driver(wanted);
        driver.open("<title>x</title>");
        assertThat(driver.script("return [navigator.userAgent, navigator.language, innerWidth, innerHeight,"
                        + " Intl.DateTimeFormat().resolvedOptions().timeZone]"))
                .isEqualTo(new JsonArray("[\"Mine/1\",\"de\",700,500,\"Asia/Tokyo\"]"));
        String told =
                api.get("/api/sessions/" + driver.berthId() + "/steps").json().encode();
        assertThat(told)
                .contains("goog:chromeOptions.prefs")
                .contains("--kiosk")
                .doesNotContain("--headless");
        assertThat(api.get("/api/sessions/" + driver.berthId())
                        .json()
                        .getJsonObject("options")
                        .getJsonObject("timeouts")
                        .getLong("idle"))
                .isEqualTo(300_000);
    }

    @Test
    void whatReachesTheMachineIsRefusedByName() {
        for (String name :
                List.of("binary", "debuggerAddress", "localState", "logPath", "minidumpPath", "androidPackage")) {
            Object hostile = name.equals("localState") ? new JsonObject().put("a", 1) : "/bin/sh";
            assertThat(error(create(options(name, hostile))))
                    .startsWith("400 invalid argument: goog:chromeOptions." + name);
        }
        for (String name :
                List.of("user-data-dir=/root", "-remote-debugging-port=1", "load-extension=/x", " --log-file=/x")) {
            assertThat(error(create(options("args", new JsonArray().add(name)))))
                    .startsWith("400 invalid argument: goog:chromeOptions.args: --");
        }
        assertThat(error(create(options("extensions", new JsonArray().add("eA==")))))
                .contains("extensions");
        assertThat(error(create(chrome().put("nonsense", true)))).startsWith("400 invalid argument: nonsense");
        assertThat(error(create(new JsonObject().put("browserName", "firefox"))))
                .contains("session not created: browserName");
        assertThat(api.get("/api/sessions").list("sessions")).isEmpty();
    }

    @Test
    void aFileInputTellsNothingOfTheMachinesFiles() {
        Driver driver = new Driver(chrome());
        driver.open("<input type=file id=file><input id=text>");
        String input = driver.find("#file");
        String there = error(driver.ask("POST", input + "/value", new JsonObject().put("text", "/etc/passwd")));
        assertThat(there).startsWith("400 invalid argument: a file input takes no path");
        assertThat(error(driver.ask("POST", input + "/value", new JsonObject().put("text", "/no/such/file"))))
                .isEqualTo(there);
        // An entry may come after the answer.
        List<JsonObject> failed = Api.await(() -> failures(driver), all -> all.size() == 2);
        assertThat(failed.get(0).getString("error"))
                .isEqualTo(failed.get(1).getString("error"))
                .contains("a file input takes no path");
        assertThat(driver.script("return document.querySelector('#file').files.length"))
                .isEqualTo(0);
        driver.post(driver.find("#text") + "/value", new JsonObject().put("text", "/etc/passwd"));
        assertThat(error(driver.ask("POST", "/element/none/value", new JsonObject().put("text", "x"))))
                .contains("element");
        driver.good("DELETE", "", "");
    }

    @Test
    void nobodyReadsTheLogOfChromedriver() {
        JsonObject levels = new JsonObject().put("driver", "ALL").put("browser", "ALL");
        Driver driver = new Driver(chrome().put("goog:loggingPrefs", levels));
        for (String path : List.of("/log", "/se/log")) {
            assertThat(driver.good("POST", path, new JsonObject().put("type", "browser")))
                    .isInstanceOf(JsonArray.class);
            for (String body : List.of(
                    "{\"type\":\"driver\"}",
                    "{\"type\":\"browser\",\"type\":\"driver\"}",
                    "{\"type\":\"dri\\u0076er\"}",
                    "{\"other\":1,\"type\":\"driver\"}")) {
                assertThat(error(driver.ask("POST", path, body))).startsWith("400 invalid argument: type: 'driver'");
            }
        }
    }

    @Test
    void pathsThatAreNoCommandsDoNotReachTheDriver() {
        Driver driver = new Driver(chrome());
        for (String path : List.of("/../../shutdown", "/%2e%2e/%2e%2e/shutdown", "/..%2f..%2fshutdown", "//shutdown")) {
            assertThat(call("POST", "/session/" + driver.id + path, "{}").status())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(driver.get("/window")).isNotNull();
    }

    @Test
    void keysAndIdsAreRequired() {
        Driver driver = new Driver(chrome());
        JsonObject body = new JsonObject().put("capabilities", new JsonObject());
        Answer stranger = call("POST", "/session", body.encode());
        assertThat(error(stranger)).startsWith("401 session not created: ");
        assertThat(stranger.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Basic ");
        String forged = driver.id.substring(0, driver.id.length() - 4) + "AAAA";
        assertThat(call("GET", "/session/" + forged + "/title", "").status()).isEqualTo(401);
        assertThat(call("GET", "/session/" + driver.berthId() + "/title", "").status())
                .isEqualTo(401);
        assertThat(call("GET", "/session/" + driver.berthId() + "/title", "", "X-API-Key", key)
                        .status())
                .isEqualTo(200);
        String other = berth.keyOf("other-" + UUID.randomUUID());
        assertThat(error(call("GET", "/session/" + driver.berthId() + "/title", "", "X-API-Key", other)))
                .startsWith("404 invalid session id: ");
        assertThat(call("GET", "/session/" + driver.id + "/title", "", "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(call("POST", "/session", body.encode(), "Authorization", basic(), "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        HttpRequest.Builder text = HttpRequest.newBuilder(URI.create(berth.server.url() + "/session"))
                .headers("Authorization", basic(), "Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body.encode()));
        assertThat(Api.send(text).status()).isEqualTo(415);
    }

    @Test
    void twoAtOnceAreApart() {
        Driver one = new Driver(chrome());
        Driver two = new Driver(chrome());
        one.open("<title>One</title>");
        two.open("<title>Other</title>");
        assertThat(one.get("/title")).isEqualTo("One");
        assertThat(two.get("/title")).isEqualTo("Other");
        one.good("DELETE", "", "");
        assertThat(two.get("/title")).isEqualTo("Other");
    }

    @Test
    void aKilledDriverEndsItsSession() {
        Driver driver = new Driver(chrome());
        assertThat(Api.await(Drivers::processes, drivers -> drivers.size() == 1))
                .hasSize(1);
        Drivers.processes().forEach(ProcessHandle::destroyForcibly);
        String status = Api.await(
                () -> api.get("/api/sessions/" + driver.berthId()).json().getString("status"), "failed"::equals);
        assertThat(status).isEqualTo("failed");
        assertThat(endReason(driver)).isEqualTo("driver_crashed");
        assertThat(error(call("GET", "/session/" + driver.id + "/title", ""))).contains("invalid session id");
    }

    private String endReason(Driver driver) {
        return Api.await(
                () -> api.get("/api/sessions/" + driver.berthId()).json().getString("endReason"), Objects::nonNull);
    }

    @Test
    @Tag("full")
    void aDriverThatHangsEndsItsSession() throws Exception {
        Driver driver = new Driver(chrome());
        for (ProcessHandle hung : Drivers.processes()) {
            new ProcessBuilder("kill", "-STOP", String.valueOf(hung.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        assertThat(error(driver.ask("GET", "/title", ""))).startsWith("410 invalid session id: ");
        assertThat(endReason(driver)).isEqualTo("driver_crashed");
        assertThat(Drivers.processes()).isEmpty();
    }

    private List<JsonObject> failures(Driver driver) {
        return api.get("/api/sessions/" + driver.berthId() + "/actions").list("actions").stream()
                .map(JsonObject.class::cast)
                .filter(action -> !action.getBoolean("success"))
                .toList();
    }

    @Test
    void bodiesThatAreNoCommandsAreRefused() {
        Driver driver = new Driver(chrome());
        for (String path : List.of(
                "/element", "/elements", "/execute/sync", "/element/x/value", "/url", "/se/file", "/se/files")) {
            for (String body : List.of(
                    "[]",
                    "null",
                    "\"x\"",
                    "{",
                    "{\"using\":null,\"value\":null,\"script\":1}",
                    "{\"using\":1,\"value\":[1]}")) {
                Answer answer = call("POST", "/session/" + driver.id + path, body);
                assertThat(answer.status())
                        .as(path + " " + body + ": " + answer.text())
                        .isBetween(400, 404);
            }
        }
    }

    @Test
    void theLogNamesWhatFailedByItsLocator() {
        Driver driver = new Driver(chrome());
        driver.open("<div id=cover style='position:fixed;inset:0'></div><p id=p><b>x</b></p><button>Go</button>"
                + "<script>setTimeout(() => document.body.append(Object.assign(document.createElement('i'), {id: 'late'})), 300)"
                + "</script>");
        JsonObject none = new JsonObject().put("using", "xpath").put("value", "//nav");
        JsonObject late = new JsonObject().put("using", "css selector").put("value", "#late");
        for (int tries = 0; tries < 3; tries++) {
            assertThat(driver.ask("POST", "/element", none).status()).isEqualTo(404);
        }
        Api.await(() -> driver.ask("POST", "/element", late).status(), Integer.valueOf(200)::equals);
        String paragraph = driver.find("#p");
        driver.ask("POST", paragraph + "/element", late);
        driver.ask("POST", driver.find("button") + "/click", new JsonObject());
        driver.ask("GET", "/alert/text", "");
        driver.good("DELETE", "", "");
        assertThat(Api.await(() -> failures(driver), all -> all.size() >= 4))
                .extracting(action -> action.getString("type")
                        + ' '
                        + action.getJsonObject("details").getString("selector")
                        + ' '
                        + action.getJsonObject("details").getValue("times")
                        + ' '
                        + action.getString("error").replaceFirst(":.*", ""))
                .containsExactly(
                        "find xpath=//nav 3 no such element",
                        "find #p >> #late null no such element",
                        "click button null element click intercepted",
                        "webdriver null null no such alert");
    }

    @Test
    void aTestReportsItsOutcomeByAScript() {
        assertThat(error(create(chrome().put("berth:options", new JsonObject().put("recording", "never")))))
                .startsWith("400 invalid argument: berth:options.recording");
        Driver driver = new Driver(chrome().put("berth:options", new JsonObject().put("recording", "onFailure")));
        driver.open("<title>Shop</title>");
        assertThat(driver.script("berth:outcome=failed", "the basket was empty"))
                .isNull();
        assertThat(error(driver.ask(
                        "POST",
                        "/execute/sync",
                        new JsonObject().put("script", "berth:outcome=broken").put("args", new JsonArray()))))
                .startsWith(
                        "400 invalid argument: script: a script for Berth must be berth:outcome=VALUE, with passed");
        driver.good("DELETE", "", "");
        JsonObject session = api.get("/api/sessions/" + driver.berthId()).json();
        assertThat(session.getString("outcome")).isEqualTo("failed");
        assertThat(session.getString("outcomeReason")).isEqualTo("the basket was empty");
    }

    /** Whoever reaches the port of a chromedriver can start programs. */
    @Test
    void noOtherProgramReachesTheDriver() throws IOException {
        new Driver(chrome());
        Path driver = Path.of("/proc", String.valueOf(Drivers.processes().get(0).pid()));
        assertThat(Files.readSymbolicLink(driver.resolve("ns/net")))
                .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        assertThat(Files.readSymbolicLink(driver.resolve("ns/pid")))
                .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
        assertThat(Files.readString(driver.resolve("status"))).contains("NoNewPrivs:\t1", "CapEff:\t0000000000000000");
        List<String> interfaces = Files.readAllLines(driver.resolve("net/dev"));
        assertThat(interfaces.subList(2, interfaces.size()))
                .singleElement(STRING)
                .contains("lo:");
        assertThat(Files.getAttribute(driver, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")))
                .as("another user, where the server is root")
                .isEqualTo(!"root".equals(System.getProperty("user.name")));
    }

    @Test
    void theDriverEndsWithItsSession() {
        Driver driver = new Driver(chrome());
        api.delete("/api/sessions/" + driver.berthId());
        assertThat(Api.await(Drivers::processes, List::isEmpty)).isEmpty();
        assertThat(error(call("GET", "/session/" + driver.id + "/title", ""))).contains("invalid session id");
    }

    @Test
    void aSessionWithoutCommandsEnds() {
        Driver driver = new Driver(chrome().put(
                        "berth:options", new JsonObject().put("timeouts", new JsonObject().put("idle", 1_000))));
        // A page that goes on must not count as its client.
        driver.open("<title>Busy</title><script>setInterval(() => console.log(1), 50)</script>");
        String status = Api.await(
                () -> api.get("/api/sessions/" + driver.berthId()).json().getString("endReason"),
                "idle_timeout"::equals);
        assertThat(status).isEqualTo("idle_timeout");
    }

    @Test
    void withoutAChromedriverTheErrorSaysWhatToInstall() {
        Path data = Berth.temporaryFolder();
        Berth without = Berth.start(data, Map.of("BERTH_CHROME_DRIVER", "/nowhere/chromedriver"));
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(without.server.url() + "/session"))
                    .headers("X-API-Key", Berth.KEY, "Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"capabilities\":{}}"));
            assertThat(error(Api.send(request)))
                    .startsWith("503 session not created: chrome.driver (BERTH_CHROME_DRIVER) is not")
                    .doesNotContain("/nowhere");
            Api own = new Api(without.server.url(), Berth.KEY);
            assertThat(own.get("/api/sessions?includeTerminated=true").list("sessions"))
                    .isEmpty();
        } finally {
            without.stop();
            Berth.delete(data);
        }
    }

    @Test
    void theStatusNeedsNoKey() {
        JsonObject status = value(call("GET", "/status", ""));
        assertThat(status.getBoolean("ready")).isTrue();
        JsonObject node = status.getJsonArray("nodes").getJsonObject(0);
        assertThat(node.getString("availability")).isEqualTo("UP");
        assertThat(node.getJsonArray("slots")).hasSize(node.getInteger("maxSessions"));
        assertThat(value(call("GET", "/wd/hub/status", "")).getString("message"))
                .contains("Berth");
    }
}

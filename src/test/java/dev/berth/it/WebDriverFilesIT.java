package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Uploads and downloads of WebDriver, in the form of Selenium Grid, on a machine that has chromedriver. */
@ResourceLock("chromedriver")
class WebDriverFilesIT {
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final String INPUTS =
            "<input type=file id=one><input type=file id=other><input type=file id=many multiple>";
    private static final String NOTHING = "";

    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("webdriver-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);
    private JsonObject capabilities = new JsonObject();
    private String id = "";

    @BeforeAll
    static void chromedriverIsThere() {
        Assumptions.assumeTrue(Drivers.chromedriver().isPresent(), "no chromedriver on this machine");
    }

    @AfterEach
    void endSession() {
        ask("DELETE", "", NOTHING);
    }

    private Answer call(String method, String path, String body) {
        return Api.call(berth.server.url() + path, method, body, "X-API-Key", key);
    }

    private Answer ask(String method, String path, Object body) {
        return call(method, "/wd/hub/session/" + id + path, body.toString());
    }

    private Object good(String method, String path, Object body) {
        Answer answer = ask(method, path, body);
        assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
        return new JsonObject(answer.text()).getValue("value");
    }

    private static String error(Answer answer) {
        JsonObject value = new JsonObject(answer.text()).getJsonObject("value");
        return answer.status() + " " + value.getString("error") + ": " + value.getString("message");
    }

    private void begin(String html) {
        JsonObject wanted = new JsonObject()
                .put("capabilities", JsonObject.of("alwaysMatch", JsonObject.of("se:downloadsEnabled", true)));
        Answer answer = call("POST", "/session", wanted.encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonObject value = new JsonObject(answer.text()).getJsonObject("value");
        id = value.getString("sessionId");
        capabilities = value.getJsonObject("capabilities");
        good("POST", "/url", JsonObject.of("url", berth.site.page(html)));
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Answer send(String command, byte[] zip) {
        return ask("POST", command, JsonObject.of("file", Base64.getEncoder().encodeToString(zip)));
    }

    private String upload(String name, byte[] content) throws IOException {
        Answer answer = send("/se/file", zip(Map.of(name, content)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text()).getString("value");
    }

    private Answer type(String input, String text) {
        Object found = good("POST", "/element", JsonObject.of("using", "css selector", "value", input));
        return ask(
                "POST", "/element/" + ((JsonObject) found).getString(ELEMENT) + "/value", JsonObject.of("text", text));
    }

    private void give(String input, String paths) {
        Answer answer = type(input, paths);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** The names and contents that the page has. */
    private List<?> given(String input) {
        String script = "return Promise.all([...document.querySelector(arguments[0]).files].map("
                + "async file => file.name + ' ' + (file.size > 99 ? file.size : await file.text())))";
        return ((JsonArray) good("POST", "/execute/sync", JsonObject.of("script", script, "args", JsonArray.of(input))))
                .getList();
    }

    @Test
    void uploadsReachThePage() throws IOException {
        begin(INPUTS);
        give("#one", upload("a.txt", bytes("first")));
        // A file of the same name, in another folder of the client.
        give("#other", upload("a.txt", bytes("second")));
        assertThat(given("#one")).isEqualTo(List.of("a.txt first"));
        assertThat(given("#other")).isEqualTo(List.of("a.txt second"));
        give("#many", upload("b.txt", bytes("b")) + "\n" + upload("\u00fc c.txt", bytes("c")));
        give("#many", upload("../x", bytes("d")));
        assertThat(given("#many")).isEqualTo(List.of("b.txt b", "\u00fc c.txt c", "x d"));
        assertThat(api.get("/api/sessions/" + capabilities.getString("berth:sessionId") + "/files")
                        .list("files"))
                .hasSize(4);
    }

    @Test
    void aLargeUploadReachesThePage() throws IOException {
        begin(INPUTS);
        byte[] content = new byte[2 << 20];
        new Random(1).nextBytes(content);
        give("#one", upload("large.bin", content));
        assertThat(given("#one")).isEqualTo(List.of("large.bin " + content.length));
        Answer older = send("/file", zip(Map.of("older.txt", bytes("older"))));
        give("#one", new JsonObject(older.text()).getString("value"));
        assertThat(given("#one")).isEqualTo(List.of("older.txt older"));
    }

    @Test
    void whatIsNoFileInAZipIsRefused() throws IOException {
        begin(INPUTS);
        Map<String, byte[]> two = new LinkedHashMap<>();
        two.put("a", bytes("a"));
        two.put("b", bytes("b"));
        assertThat(error(send("/se/file", zip(two))))
                .startsWith("400 invalid argument: file: the ZIP has more than one");
        assertThat(error(send("/se/file", zip(Map.of("folder/", new byte[0]))))).contains("file: must be the base64");
        assertThat(error(send("/se/file", bytes("no ZIP")))).contains("file: must be the base64");
        assertThat(error(ask("POST", "/se/file", "{\"file\":\"*\"}"))).contains("file: must be the base64");
        assertThat(error(ask("POST", "/se/file", "{\"file\":7}"))).contains("file: must be the base64");
        assertThat(error(ask("POST", "/se/file", "[]"))).startsWith("400 invalid argument: ");
        byte[] lies = zip(Map.of("a", new byte[100_000]));
        // The size in the descriptor behind the bytes.
        int descriptor = new String(lies, StandardCharsets.ISO_8859_1).indexOf("PK\7\10");
        ByteBuffer.wrap(lies).order(ByteOrder.LITTLE_ENDIAN).putInt(descriptor + 12, 1);
        assertThat(error(send("/se/file", lies))).startsWith("400 invalid argument: file: the ZIP can't be read");
        assertThat(error(ask("PUT", "/se/files", "{}"))).startsWith("405 unknown method");
        assertThat(api.get("/api/sessions/" + capabilities.getString("berth:sessionId") + "/files")
                        .list("files"))
                .isEmpty();
    }

    /** A ZIP of few bytes may unpack to more than the disk has. */
    @Test
    void aBombStopsAtTheLimitOfTheSessionsDisk() throws IOException {
        begin(INPUTS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bomb"));
            byte[] mebibyte = new byte[1 << 20];
            for (int i = 0; i < 1_100; i++) {
                zip.write(mebibyte);
            }
        }
        assertThat(error(send("/se/file", bytes.toByteArray())))
                .startsWith("413 unknown error: the file has more than the ");
        give("#one", upload("a.txt", bytes("still works")));
    }

    @Test
    void pathsOfTheMachineAreRefusedAlike() throws IOException {
        begin(INPUTS);
        String path = upload("a.txt", bytes("a"));
        String refused = error(type("#one", "/etc/passwd"));
        assertThat(refused).startsWith("400 invalid argument: a file input takes no path");
        for (String each : List.of(
                "/no/such/file",
                path + "/../a.txt",
                path.replaceFirst("[^/]*/[^/]*$", "../profile/Local State"),
                path + "x")) {
            assertThat(error(type("#one", each))).as(each).isEqualTo(refused);
        }
        assertThat(given("#one")).isEmpty();
    }

    @Test
    void downloadsAreListedFetchedAndDeleted() throws IOException {
        String link = "<a id=%s download='%s' href='data:application/octet-stream,%s'>x</a>";
        begin(link.formatted("a", "report.txt", "hello") + link.formatted("b", "empty.txt", ""));
        assertThat(capabilities.getBoolean("se:downloadsEnabled")).isTrue();
        assertThat(good("GET", "/se/files", NOTHING)).isEqualTo(new JsonObject("{\"names\":[],\"files\":[]}"));
        for (String button : List.of("a", "a", "b")) {
            good("POST", "/execute/sync", JsonObject.of("script", button + ".click()", "args", new JsonArray()));
        }
        JsonObject listed = Api.await(
                () -> (JsonObject) good("GET", "/se/files", NOTHING),
                all -> all.getJsonArray("names").size() == 3);
        assertThat(listed.getJsonArray("names")).contains("report.txt", "report (1).txt", "empty.txt");
        listed.getJsonArray("files").stream().map(JsonObject.class::cast).forEach(file -> {
            assertThat(file.getLong("size")).isEqualTo(file.getString("name").startsWith("report") ? 5 : 0);
            assertThat(file.getLong("creationTime")).isGreaterThan(1_500_000_000_000L);
            assertThat(file.getLong("lastModifiedTime")).isEqualTo(file.getLong("creationTime"));
        });
        assertThat(fetched("report.txt")).isEqualTo(bytes("hello"));
        assertThat(fetched("report (1).txt")).isEqualTo(bytes("hello"));
        assertThat(fetched("empty.txt")).isEmpty();
        Answer raw =
                ask("POST", "/se/files", JsonObject.of("name", "report.txt", "format", "application/octet-stream"));
        assertThat(raw.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(raw.text()).isEqualTo("hello");
        assertThat(error(ask("POST", "/se/files", "{\"name\":\"/etc/passwd\"}")))
                .startsWith(
                        "400 invalid argument: name: the session has not downloaded '/etc/passwd'; it has report.txt");
        assertThat(error(ask("POST", "/se/files", "{}"))).startsWith("400 invalid argument: name: ");
        String upload = upload("report.txt", bytes("stays"));
        assertThat(good("DELETE", "/se/files", NOTHING)).isNull();
        assertThat(good("GET", "/se/files", NOTHING)).isEqualTo(new JsonObject("{\"names\":[],\"files\":[]}"));
        good("POST", "/url", JsonObject.of("url", berth.site.page(INPUTS)));
        give("#one", upload);
        assertThat(given("#one")).isEqualTo(List.of("report.txt stays"));
    }

    private byte[] fetched(String name) throws IOException {
        JsonObject value = (JsonObject) good("POST", "/se/files", JsonObject.of("name", name));
        assertThat(value.getString("filename")).isEqualTo(name);
        byte[] zipped = Base64.getDecoder().decode(value.getString("contents"));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo(name);
            byte[] content = zip.readAllBytes();
            assertThat(zip.getNextEntry()).isNull();
            return content;
        }
    }

    @Test
    void strangersReachNoFiles() {
        begin(INPUTS);
        String session = capabilities.getString("berth:sessionId");
        Api other = new Api(berth.server.url(), berth.keyOf("other-" + UUID.randomUUID()));
        assertThat(other.get("/session/" + session + "/se/files").status()).isEqualTo(404);
        assertThat(other.post("/session/" + session + "/se/file", JsonObject.of("file", ""))
                        .status())
                .isEqualTo(404);
        HttpRequest.Builder unnamed =
                HttpRequest.newBuilder(URI.create(berth.server.url() + "/session/" + session + "/se/files"));
        assertThat(Api.send(unnamed).status()).isEqualTo(401);
    }
}

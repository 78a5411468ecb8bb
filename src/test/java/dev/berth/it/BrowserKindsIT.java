package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import dev.berth.protocol.BrowserKind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions with full Chrome, headless and headful, on a machine that has it. */
class BrowserKindsIT {
    private static final String SHELL = "/usr/lib/chromium/chromium-headless-shell";
    private static final String H264 = "MediaSource.isTypeSupported('video/mp4; codecs=\"avc1.42E01E\"')";

    private final Berth berth = Berth.shared();
    private final Api api = new Api(berth.server.url(), berth.keyOf("kinds-" + UUID.randomUUID()));

    @BeforeAll
    static void fullChromeIsThere() {
        Assumptions.assumeTrue(FullChrome.isHere(), "no full Chrome on this machine");
    }

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    private String create(BrowserKind kind) {
        JsonObject options = new JsonObject()
                .put("browser", kind.wireName())
                .put("viewport", new JsonObject().put("width", 900).put("height", 700));
        return api.create(new JsonObject().put("options", options)).path();
    }

    private static List<ProcessHandle> displays() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/Xvfb"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrowserKind.class,
            names = {"CHROME", "HEADFUL"})
    void fullChromeIsDrivenWatchedAndHeldAsTheShellIs(BrowserKind kind) {
        String session = create(kind);
        String page = berth.site.page("<title>Kinds</title><button onclick=\"console.log('clicked')\">Go</button>");
        api.navigate(session, page);
        assertThat(api.evaluate(session, H264)).isEqualTo(true);
        assertThat(api.evaluate(session, "navigator.plugins.length")).isEqualTo(5);
        assertThat(api.evaluate(session, "innerWidth + 'x' + innerHeight")).isEqualTo("900x700");
        assertThat((Boolean) api.evaluate(session, "navigator.userAgent.includes('Headless')"))
                .isEqualTo(kind == BrowserKind.CHROME);
        api.act(session, "click", new JsonObject().put("selector", "button"));
        api.await(session + "/console", answer -> answer.text().contains("clicked"));
        assertThat(api.get(session + "/network").text()).contains(page);
        assertThat(api.post(session + "/screenshot", new JsonObject()).status()).isEqualTo(200);
        assertThat(api.post(session + "/pdf", new JsonObject()).status()).isEqualTo(200);
        for (String url : List.of("http://169.254.169.254/", "file:///etc/passwd", "chrome://version")) {
            assertThat(api.post(session + "/navigate", new JsonObject().put("url", url))
                            .status())
                    .as(url)
                    .isGreaterThanOrEqualTo(400);
        }
    }

    /** The headless shell in its place, which reads no policies. */
    @Test
    void aFullChromeThatDoesNotObeyIsRefusedUnlessTheOperatorTakesTheRisk() {
        Map<String, String> disobedient = Map.of("BERTH_CHROME_FULL_PATH", SHELL);
        JsonObject chrome = new JsonObject().put("options", new JsonObject().put("browser", "chrome"));
        withServer(disobedient, server -> {
            Answer failed = server.post("/api/sessions?wait=running", chrome);
            assertThat(server.get("/api/sessions/" + failed.json().getString("sessionId"))
                            .text())
                    .contains("launch_failed", "its policy is not obeyed by this Chrome");
            Answer refused = server.post("/api/sessions", chrome);
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.error().getString("message"))
                    .startsWith("options.browser: ")
                    .contains("BERTH_CHROME_WITHOUT_POLICY=true");
            assertThat(server.get("/health/ready")
                            .json()
                            .getJsonObject("protections")
                            .getString("policy"))
                    .startsWith("off: is not obeyed");
            server.delete(server.newSession(new JsonObject()));
        });
        Map<String, String> risky = new HashMap<>(disobedient);
        risky.put("BERTH_CHROME_WITHOUT_POLICY", "true");
        withServer(risky, server -> server.delete(server.newSession(chrome)));
    }

    private static void withServer(Map<String, String> settings, Consumer<Api> use) {
        Path data = Berth.temporaryFolder();
        Berth server = Berth.start(data, settings);
        try {
            use.accept(server.api());
        } finally {
            server.stop();
            Berth.delete(data);
        }
    }

    @Test
    void aScreenShowsItselfToItsChromeAlone() throws IOException {
        String session = create(BrowserKind.HEADFUL);
        List<ProcessHandle> displays = displays();
        assertThat(displays).hasSize(1);
        try (SocketChannel stranger = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            stranger.connect(UnixDomainSocketAddress.of(socket()));
            // The opening of the X protocol, version 11, without a cookie.
            stranger.write(ByteBuffer.wrap(new byte[] {'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
            ByteBuffer answer = ByteBuffer.allocate(200);
            stranger.read(answer);
            assertThat(answer.get(0)).as("refused").isZero();
            assertThat(new String(answer.array(), StandardCharsets.US_ASCII)).contains("Authorization required");
        }
        api.delete(session);
        Api.await(() -> displays.get(0).isAlive(), alive -> !alive);
    }

    private Path socket() throws IOException {
        try (Stream<Path> files = Files.walk(berth.dataDir.resolve("profiles"), 5)) {
            return files.filter(file -> file.endsWith("tmp/display/.X11-unix/X0"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

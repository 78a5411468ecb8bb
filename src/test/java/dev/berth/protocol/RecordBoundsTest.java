package dev.berth.protocol;

import static dev.berth.protocol.CommandValidationTest.requireRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.Emulation.Geolocation;
import dev.berth.protocol.PageAction.PrintPdf.Margins;
import dev.berth.protocol.PageAction.TakeScreenshot.Clip;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.VerbChoices.ImageFormat;
import dev.berth.protocol.VerbChoices.WaitUntil;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordBoundsTest {
    private static String chars(int count) {
        return "x".repeat(count);
    }

    private static Stream<Arguments> outOfBounds() {
        Optional<String> none = Optional.empty();
        int text = 1 << 20;
        Optional<Double> side = Optional.empty();
        return Stream.of(
                refused("url must have", () -> new PageAction.Navigate("", WaitUntil.LOAD, 1)),
                refused("url must have", () -> new PageAction.Navigate(chars(text + 1), WaitUntil.LOAD, 1)),
                refused("timeout must be from 1 to 3600000", () -> new BrowserAction.ReadCookies(0)),
                refused("timeout must be from 1 to 3600000", () -> new BrowserAction.ReadCookies(Long.MAX_VALUE)),
                refused("expression must have", () -> new PageAction.Evaluate("", 1)),
                refused("selector must have", () -> new ElementAction.Hover("", 1)),
                refused("selector must not be blank: give CSS", () -> new ElementAction.Hover(" \n", 1)),
                refused("selector must have", () -> new ElementAction.Hover(chars(4_097), 1)),
                refused("selector must not be blank", () -> new ElementAction.Type(Optional.of(" "), "", 1)),
                refused("text must have", () -> new ElementAction.Type(none, chars(text + 1), 1)),
                refused("value must have", () -> new ElementAction.Fill("a", chars(text + 1), 1)),
                refused("key must have", () -> new ElementAction.Press(none, "", 1)),
                refused("key must have", () -> new ElementAction.Press(none, chars(101), 1)),
                refused("clickCount must be", () -> new ElementAction.Click("a", MouseButton.LEFT, 4, 1)),
                refused("values must have", () -> new ElementAction.Select("a", Collections.nCopies(1_001, ""), 1)),
                refused("values must have", () -> new ElementAction.Select("a", List.of(chars(10_001)), 1)),
                refused("x must be a number", () -> new ElementAction.Scroll(none, Double.NaN, 0, 1)),
                refused("y must be a number", () -> new ElementAction.Scroll(none, 0, 1 / 0.0, 1)),
                refused("files must have 1 to 100", () -> new ElementAction.Upload("a", List.of(), 1)),
                refused("width must be from 1", () -> new Clip(0, 0, 0.5, 1)),
                refused("height must be from 1", () -> new Clip(0, 0, 1, 16_385)),
                refused("y must be from 0", () -> new Clip(0, Double.NaN, 1, 1)),
                refused("x must be from 0", () -> new Clip(-1, 0, 1, 1)),
                refused("width times height must be at most 64000000", () -> new Clip(0, 0, 8_001, 8_000)),
                refused("clip can't be given with fullPage", () -> clipped(true, none)),
                refused("clip can't be given with selector", () -> clipped(false, Optional.of("a"))),
                refused("omitBackground needs the format png or webp", () -> transparent(ImageFormat.JPEG)),
                refused("scale must be", () -> new PageAction.PrintPdf(true, true, Double.NaN, 8, 8, 0, none, 1)),
                refused("width must be", () -> new PageAction.PrintPdf(true, true, 1, 0.5, 8, 0, none, 1)),
                refused("height must be", () -> new PageAction.PrintPdf(true, true, 1, 8, 201, 0, none, 1)),
                refused("margin must be", () -> new PageAction.PrintPdf(true, true, 1, 8, 8, -1, none, 1)),
                refused("top must be from 0.0", () -> new Margins(Optional.of(-1.0), side, side, side)),
                refused("left must be from 0.0", () -> new Margins(side, side, side, Optional.of(100.1))),
                refused("headerTemplate must have 0 to 100000", () -> print(Optional.of(chars(100_001)), none)),
                refused("footerTemplate must have 0 to 100000", () -> print(none, Optional.of(chars(100_001)))),
                refused(
                        "promptText must have",
                        () -> new BrowserAction.AnswerDialogs(true, Optional.of(chars(10_001)), 1)),
                refused("deviceScaleFactor must be from 0.5 to 4", () -> emulate(4.1, "a", "de", "UTC", 1)),
                refused("userAgent must have no control", () -> emulate(1, "a\nb", "de", "UTC", 1)),
                refused("locale must be a BCP 47 tag", () -> emulate(1, "a", "not_a locale", "UTC", 1)),
                refused("timezone must be an IANA name", () -> emulate(1, "a", "de", "+02:00", 1)),
                refused("cpuSlowdown must be from 1 to 20", () -> emulate(1, "a", "de", "UTC", 21)),
                refused(
                        "deviceScaleFactor times the viewport's longer side must be at most 7680 pixels, not 30720",
                        () -> ProtocolSamples.EMULATION.with(emulate(4, "a", "de", "UTC", 1))),
                refused(
                        "cookies must have",
                        () -> new BrowserAction.SetCookies(Collections.nCopies(1_001, ProtocolSamples.COOKIE), 1)),
                refused("sameSite must be one of Strict, Lax, None", () -> set("n", "v", none, "lax")),
                refused("name must have", () -> set(chars(4_097), "v", none, "Lax")),
                refused("domain must have", () -> set("n", "v", Optional.of(chars(301)), "Lax")),
                refused("clientId must have", () -> new CdpClientCommand.OpenCdp("")),
                refused("pageIds must have", () -> new CdpClientCommand.ClaimDialogs("c", Set.of(chars(201)))),
                refused(
                        "actions must have",
                        () -> new CdpClientCommand.RecordCdpActions(
                                Collections.nCopies(1_001, ProtocolSamples.ACTION))),
                refused("limit must be", () -> new SessionCommand.ReadActions(0, 0)),
                refused("offset must be", () -> new SessionCommand.ReadActions(-1, 1)),
                refused("sessionId must be", () -> new SessionId("session-1")),
                refused("cost.usd must be", () -> new Cost(Double.NaN, 0, 0)),
                refused("options.userAgent must have no control", () -> options("a\nb", "de", "UTC")),
                refused("options.locale must be a BCP 47 tag", () -> options("a", "not_a locale", "UTC")),
                refused("options.timezone must be an IANA name", () -> options("a", "de", "+02:00")),
                refused("options.device must be the name", () -> options(Optional.of("iphone"), Map.of(), List.of())),
                refused("such as Galaxy S24", () -> options(Optional.of("galaxy s2"), Map.of(), List.of())),
                refused("options.headers can't have host", () -> options(none, Map.of("Host", "a.b"), List.of())),
                refused("options.headers must have distinct", () -> options(none, Map.of("a b", "c"), List.of())),
                refused("options.headers must have distinct", () -> options(none, Map.of("A", "", "a", ""), List.of())),
                refused("options.headers.X must have at most", () -> options(none, Map.of("X", "a\nb"), List.of())),
                refused("options.httpCredentials must have one", () -> options(none, Map.of(), List.of(ANN, ANN))),
                refused(
                        "options.httpCredentials.origin must be",
                        () -> new HttpCredentials("https://a.b/path", "ann", "s3cret")),
                refused(
                        "options.httpCredentials.origin must be",
                        () -> new HttpCredentials("https://straße.example", "ann", "s3cret")),
                refused(
                        "options.httpCredentials.password must have no NUL",
                        () -> new HttpCredentials("https://a.b", "ann", "\0")),
                refused(
                        "initialPrompt must have no NUL",
                        () -> CreateSession.ofDefaults().opening("Order\0")),
                refused("latitude must be", () -> new Geolocation(91, 0, Optional.of(0.0))),
                refused(
                        "options.timeouts.idle must be from 1000",
                        () -> new CreateSession(
                                SessionId.random(),
                                1,
                                none,
                                SessionOptions.builder()
                                        .timeouts(new SessionTimeouts(0, 60_000, 0))
                                        .build(),
                                Map.of(),
                                Optional.empty())));
    }

    private static Arguments refused(String message, ThrowingCallable making) {
        return Arguments.of(message, making);
    }

    private static void set(String name, String value, Optional<String> domain, String sameSite) {
        Optional<String> none = Optional.empty();
        Cookie cookie =
                new Cookie(name, value, domain, none, none, Optional.empty(), true, true, Optional.of(sameSite));
        assertThat(new BrowserAction.SetCookies(List.of(cookie), 1)).isNull();
    }

    private static PageAction.TakeScreenshot clipped(boolean fullPage, Optional<String> selector) {
        return new PageAction.TakeScreenshot(
                fullPage, selector, ImageFormat.PNG, Optional.empty(), 1, Optional.of(new Clip(0, 0, 1, 1)), false);
    }

    private static PageAction.TakeScreenshot transparent(ImageFormat format) {
        return new PageAction.TakeScreenshot(
                false, Optional.empty(), format, Optional.empty(), 1, Optional.empty(), true);
    }

    private static PageAction.PrintPdf print(Optional<String> header, Optional<String> footer) {
        return new PageAction.PrintPdf(
                true, true, 1, 8, 8, 0, Optional.empty(), 1, Optional.empty(), header, footer, false);
    }

    private static BrowserAction.Emulate emulate(
            double scale, String agent, String locale, String zone, int cpuSlowdown) {
        return new BrowserAction.Emulate(
                false,
                Optional.of(new Viewport(7_680, 1)),
                Optional.of(scale),
                Optional.empty(),
                Optional.of(agent),
                Optional.of(locale),
                Optional.of(zone),
                Optional.empty(),
                Optional.empty(),
                Optional.of(cpuSlowdown),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CreateSession options(String agent, String locale, String zone) {
        SessionOptions options = SessionOptions.builder()
                .userAgent(Optional.of(agent))
                .locale(Optional.of(locale))
                .timezone(Optional.of(zone))
                .timeouts(new SessionTimeouts(1_000, 1_000, 1))
                .build();
        return new CreateSession(SessionId.random(), 1, Optional.empty(), options, Map.of(), Optional.empty());
    }

    private static final HttpCredentials ANN = new HttpCredentials("https://a.b", "ann", "s3cret");

    private static SessionOptions options(
            Optional<String> device, Map<String, String> headers, List<HttpCredentials> credentials) {
        return SessionOptions.builder()
                .device(device)
                .headers(headers)
                .httpCredentials(credentials)
                .build()
                .usable();
    }

    @Test
    void whatIsKeptAndShownHasNoSecrets() {
        SessionOptions options = options(Optional.empty(), Map.of("X-Trial", "s3cret"), List.of(ANN));
        SessionOptions shown = options.redacted();
        assertThat(shown.headers()).isEqualTo(Map.of("X-Trial", "redacted"));
        assertThat(shown.httpCredentials()).containsExactly(new HttpCredentials("https://a.b", "redacted", "redacted"));
        assertThat(options.toString()).contains("X-Trial", "https://a.b").doesNotContain("s3cret", "ann");
        assertThat(ANN.toString()).doesNotContain("s3cret", "ann");
    }

    @Test
    void anOriginIsMadeCanonical() {
        assertThat(new HttpCredentials("HTTPS://Bücher.Example:443/", "a", "").origin())
                .isEqualTo("https://xn--bcher-kva.example");
        assertThat(new HttpCredentials("http://[::1]:8080", "a", "").origin()).isEqualTo("http://[::1]:8080");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfBounds")
    void aRecordRefusesWhatIsOutOfBounds(String message, ThrowingCallable making) {
        requireRefused(making, message);
    }

    @Test
    void optionsOfAnEarlierSessionAreReadAlthoughATimeZoneOrAnOptionIsNotKnownHere() throws Exception {
        String stored = """
                {"browser":"chromium","viewport":{"width":1,"height":1},
                 "timeouts":{"idle":1,"lifetime":1,"reconnect":1},"timezone":"Mars/Base","keepClientPictures":true}
                """;
        assertThat(ProtocolJson.MAPPER.readValue(stored, SessionOptions.class).timezone())
                .contains("Mars/Base");
    }
}

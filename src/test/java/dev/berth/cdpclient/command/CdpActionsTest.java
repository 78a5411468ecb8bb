package dev.berth.cdpclient.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CdpActionsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final CdpActions actions =
            new CdpActions(session -> Optional.of("page of " + session).filter(page -> !session.isEmpty()));
    private long lastId;

    private long send(long atMillis, String method, Map<String, Object> params) {
        actions.sent(
                new CdpCommand(OptionalLong.of(++lastId), method, Optional.empty(), params),
                START.plusMillis(atMillis));
        return lastId;
    }

    private void reply(long atMillis, long id) {
        actions.replied(new CdpReply(id, Optional.empty(), Optional.empty()), START.plusMillis(atMillis));
    }

    private ActionEntry only() {
        List<ActionEntry> taken = actions.take();
        assertThat(taken).hasSize(1);
        return taken.get(0);
    }

    @Test
    void anActionLastsFromCommandToReply() {
        long id = send(0, "Page.navigate", Map.of("url", "https://a.b"));
        assertThat(actions.awaits(id)).isTrue();
        assertThat(actions.take()).isEmpty();
        reply(42, id);
        ActionEntry entry = only();
        assertThat(entry.type()).isEqualTo("navigate");
        assertThat(entry.details()).isEqualTo(Map.of("url", "https://a.b"));
        assertThat(entry.timestamp()).isEqualTo(START);
        assertThat(entry.duration()).isEqualTo(42);
        assertThat(entry.success()).isTrue();
        assertThat(entry.source()).isEqualTo(ActionSource.CDP);
        assertThat(actions.unanswered()).isZero();
    }

    @Test
    void theLogTellsWhatChromeDoesNotGet() {
        long proxied = send(
                0, "Target.createBrowserContext", Map.of("proxyServer", "http://user:secret@127.0.0.1:1", "x", true));
        reply(1, proxied);
        ActionEntry context = only();
        assertThat(context.type()).isEqualTo("new-context");
        assertThat(context.details()).containsEntry("ignored", "proxyServer");
        assertThat(context.details().toString()).contains("options.proxy").doesNotContain("secret");
        send(0, "Target.createBrowserContext", Map.of());
        assertThat(actions.unanswered()).isZero();
        reply(1, send(0, "Page.navigate", Map.of("url", "chrome://terms")));
        assertThat(only().details()).isEqualTo(Map.of("url", "chrome://terms", "shown", "about:blank"));
    }

    /** An error's message may be long: the head of the reply may end within. */
    @Test
    void anErrorThatIsCutOffIsAFailure() {
        byte[] head = "{\"id\":1,\"error\":{\"code\":-32000,\"message\":\"No su".getBytes(StandardCharsets.UTF_8);
        actions.replied(CdpReply.parse(send(0, "Page.reload", Map.of()), head, head.length), START);
        assertThat(only().error()).contains("the browser refused");
    }

    @Test
    void anErrorOfChromeAndAnErrorTextOfANavigationAreFailures() {
        long refused = send(0, "Page.reload", Map.of());
        actions.replied(new CdpReply(refused, Optional.of("no page"), Optional.empty()), START);
        assertThat(only().error()).contains("no page");
        long failed = send(0, "Page.navigate", Map.of("url", "https://a.b"));
        actions.replied(new CdpReply(failed, Optional.empty(), Optional.of("net::ERR_ABORTED")), START);
        ActionEntry entry = only();
        assertThat(entry.success()).isFalse();
        assertThat(entry.error()).contains("net::ERR_ABORTED");
    }

    @ParameterizedTest
    @CsvSource({
        "Page.captureScreenshot, screenshot",
        "Page.printToPDF, pdf",
        "Page.navigateToHistoryEntry, navigate-history",
        "Target.createTarget, open-page",
        "Target.closeTarget, close-page",
        "Page.close, close-page",
        "Page.handleJavaScriptDialog, dialog",
        "Page.setDocumentContent, set-content",
        "DOM.setFileInputFiles, upload",
        "Storage.setCookies, set-cookies",
        "Network.setCookie, set-cookies"
    })
    void commandsHaveTheNamesOfActions(String method, String type) {
        assertThat(CdpMeaning.watches(method)).isTrue();
        reply(1, send(0, method, Map.of()));
        assertThat(only().type()).isEqualTo(type);
    }

    @Test
    void pagesTellOfMouseAndKeys() {
        send(0, "Input.dispatchMouseEvent", Map.of("type", "mouseReleased", "x", 1, "y", 2));
        send(0, "Input.insertText", Map.of("text", "secret"));
        assertThat(actions.unanswered()).isZero();
        assertThat(actions.take()).isEmpty();
    }

    @Test
    void unansweredCommandsFailAtTheEnd() {
        send(0, "Page.navigate", Map.of("url", "https://a.b"));
        actions.ended("the client left", START.plusMillis(5));
        ActionEntry entry = only();
        assertThat(entry.success()).isFalse();
        assertThat(entry.error()).contains("the client left");
        assertThat(entry.duration()).isEqualTo(5);
    }

    @Test
    void aRefusedCommandIsAFailedAction() {
        actions.refused(command("Page.navigate", Map.of("url", "file:///a")), "not yours", START);
        ActionEntry entry = only();
        assertThat(entry.details()).isEqualTo(Map.of("url", "file:///a"));
        assertThat(entry.error()).contains("not yours");
        assertThat(actions.unanswered()).isZero();
    }

    /** chromedriver asks only for files that exist. */
    @Test
    void aRefusedUploadIsNotTold() {
        actions.refused(command("DOM.setFileInputFiles", Map.of("files", List.of("/etc/passwd"))), "not yours", START);
        assertThat(actions.take()).isEmpty();
    }

    private static CdpCommand command(String method, Map<String, Object> params) {
        return new CdpCommand(OptionalLong.of(1), method, Optional.empty(), params);
    }

    @Test
    void anUnreadCommandIsAnActionWithoutDetails() {
        reply(0, send(0, "Page.setDocumentContent", Map.of()));
        assertThat(only().details()).isEmpty();
    }

    @Test
    void aLongUrlIsCut() {
        reply(0, send(0, "Page.navigate", Map.of("url", "data:" + "x".repeat(10_000))));
        assertThat(((String) only().details().get("url"))).hasSize(2_001);
    }

    @Test
    void theClosedTargetIsKeptAndCut() {
        reply(0, send(0, "Target.closeTarget", Map.of("targetId", "t1")));
        assertThat(only().details()).isEqualTo(Map.of("targetId", "t1", "pageId", "t1"));
        String longText = "x".repeat(100_000);
        reply(0, send(0, "Target.closeTarget", Map.of("targetId", longText)));
        assertThat(only().details())
                .isEqualTo(Map.of("targetId", longText.substring(0, 200), "pageId", longText.substring(0, 200)));
        for (String method : List.of("Page.reload", "Page.close")) {
            reply(0, send(0, method, Map.of("targetId", longText)));
        }
        assertThat(actions.take())
                .hasSize(2)
                .noneMatch(entry -> entry.details().containsKey("targetId")
                        || entry.details().containsKey("pageId"));
    }

    @Test
    void anIdThatIsUsedTwiceLosesNothing() {
        actions.sent(new CdpCommand(OptionalLong.of(5), "Page.reload", Optional.empty(), Map.of()), START);
        actions.sent(new CdpCommand(OptionalLong.of(5), "Page.reload", Optional.empty(), Map.of()), START);
        reply(1, 5);
        assertThat(actions.take()).hasSize(2);
    }
}

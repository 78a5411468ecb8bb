package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.BrowserDriver.Consequences;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.BrowserDriver.StartedDownload;
import dev.berth.browser.BrowserListener.Download;
import dev.berth.browser.Failures;
import dev.berth.browser.drive.CdpDriver;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.PageOutcome.MetDialog;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.KeptBytes;
import dev.berth.session.keep.SessionFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActionRunnerTest {
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    /** That it is a verb, VerbsTest says. */
    @Test
    void everyActionIsCarriedOut() {
        ActionRunner actions = new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null);
        assertThat(ProtocolSamples.ALL.stream().filter(Action.class::isInstance).map(Object::getClass))
                .isNotEmpty()
                .allSatisfy(action -> {
                    // The page that is active has the browser's cookies, for a session that names none.
                    boolean cookies = action == ReadCookies.class || action == SetCookies.class;
                    assertThat(CdpDriver.performs(action)).isEqualTo(cookies || !actions.performs(action));
                    assertThat(actions.performs(action) || CdpDriver.performs(action))
                            .isTrue();
                });
    }

    @Test
    void aRequestIsLoggedWithItsFieldsButNotItsTimeout() {
        assertThat(ActionDetails.request(new Click("#x", MouseButton.LEFT, 2, 9)))
                .isEqualTo(Map.of("selector", "#x", "button", "left", "clickCount", 2));
    }

    /** As in the logs of earlier versions, which clients and scripts read. */
    @Test
    void argumentsKeepTheirNamesInLogs() {
        Drag drag = new Drag(
                "#x",
                Optional.empty(),
                Optional.of(new Offset(5, 5)),
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                Optional.of(10),
                9);
        assertThat(ActionDetails.request(drag))
                .isEqualTo(Map.of("selector", "#x", "by", Map.of("x", 5.0, "y", 5.0), "holdMillis", 10));
        assertThat(ActionDetails.request(new PrintPdf(true, true, 1, 8.5, 11, 0.4, Optional.empty(), 9)))
                .isEqualTo(Map.of(
                        "options",
                        Map.of(
                                "landscape",
                                true,
                                "printBackground",
                                true,
                                "scale",
                                1.0,
                                "width",
                                8.5,
                                "height",
                                11.0,
                                "margin",
                                0.4,
                                "preferCssPageSize",
                                false)));
    }

    @Test
    void enteredTextIsLoggedUnlessItIsSecret() {
        Fill fill = new Fill("#x", "s3cret", 9);
        assertThat(ActionDetails.request(fill)).isEqualTo(Map.of("selector", "#x"));
        assertThat(ActionDetails.outcome(fill, new ElementResult("", true, Optional.empty())))
                .isEqualTo(Map.of("value", "[redacted]"));
        assertThat(ActionDetails.outcome(fill, new ElementResult("", false, Optional.empty())))
                .isEqualTo(Map.of("value", "s3cret"));
        assertThat(ActionDetails.outcome(
                        new Type(Optional.of("#x"), "t", 9), new ElementResult("", true, Optional.empty())))
                .isEqualTo(Map.of("text", "[redacted]"));
    }

    @Test
    void whereAnActionMetItsElementIsLogged() {
        ElementResult met = new ElementResult("", false, Optional.empty());
        assertThat(ActionDetails.outcome(CLICK, met.at(Optional.of(new ActionPoint(10.249, 20, 800, 600)))))
                .isEqualTo(
                        Map.of("point", Map.of("x", 10.2, "y", 20.0), "viewport", Map.of("width", 800, "height", 600)));
        assertThat(ActionDetails.outcome(CLICK, met.at(Optional.of(new ActionPoint(10, 20, 0, 0)))))
                .isEqualTo(Map.of("point", Map.of("x", 10.0, "y", 20.0)));
    }

    @Test
    void cookieValuesAreNotLogged() {
        Cookie cookie = new Cookie(
                "n",
                "s3cret",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty());
        assertThat(ActionDetails.request(new SetCookies(List.of(cookie), 9))).isEqualTo(Map.of("cookies", 1));
    }

    @Test
    void aNavigationWaitsForTheFileThatItGivesAsLongAsItMay() throws Exception {
        ActionRunner actions = new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null);
        Promise<Navigated> navigated = Promise.promise();
        Future<NavigationResult> result =
                actions.arrived(new Navigate("https://a.b/file", WaitUntil.LOAD, 1_000), navigated.future());
        clock.advance(400);
        NavigationResult page = new NavigationResult("about:blank", "", Optional.empty(), false);
        navigated.complete(new Navigated(page, Optional.of("download")));
        clock.advance(599);
        assertThat(result.isComplete()).isFalse();
        clock.advance(1);
        BerthException late = (BerthException) result.cause();
        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(late).hasMessageContaining("not complete within 1000 ms");
    }

    private static final Click CLICK = new Click("#x", MouseButton.LEFT, 1, 60_000);

    private static final Download DOWNLOAD = new Download(
            "d",
            Optional.empty(),
            "https://a.b/b.png",
            "b.png",
            () -> Future.succeededFuture(Path.of("b.png")),
            Instant.EPOCH,
            Optional.empty());

    private static final MetDialog DIALOG = new MetDialog("alert", "Saved", false);

    private final FakeBrowser browser = new FakeBrowser();
    private final HandScheduler clock = new HandScheduler();
    private final ArtifactKeeper keeper = new ArtifactKeeper(
            clock,
            SessionId.random(),
            new FakeStore(),
            new FakeHistory().artifactRows,
            new KeptBytes(1 << 20, outgrown -> {}),
            (offset, artifact) -> {});

    private Future<? extends SessionReply> click(Optional<StartedDownload> started) {
        browser.hands.answer(
                command -> Future.succeededFuture(new ElementResult("https://a.b", false, Optional.empty())));
        browser.hands.leaveBehind(
                new Consequences(Optional.of("popup"), started, Optional.empty(), Optional.of(DIALOG)));
        return new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null)
                .perform(CLICK, Optional.of("back"), NEVER);
    }

    private static PageOutcome outcome(Future<? extends SessionReply> clicked) {
        return ((ElementResult) clicked.result()).page();
    }

    @Test
    void aReplyNamesThePageOfTheActionAndThePageThatItOpened() {
        PageOutcome outcome = outcome(click(Optional.empty()));
        assertThat(browser.hands.pages()).containsExactly("back");
        assertThat(outcome)
                .isEqualTo(new PageOutcome(
                        "back",
                        Optional.of("popup"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(DIALOG)));
        assertThat(ActionDetails.outcome(CLICK, new ElementResult("", false, Optional.empty()).with(outcome)))
                .isEqualTo(Map.of("openedPageId", "popup"));
    }

    @Test
    void aReplyNamesAFileWhoseDownloadGoesOnAndDoesNotWaitForIt() throws Exception {
        Future<? extends SessionReply> clicked = click(Optional.of(new StartedDownload("d", "big.zip")));
        clock.advance(2_999);
        assertThat(clicked.isComplete()).isFalse();
        clock.advance(1);
        assertThat(outcome(clicked).downloading()).contains("big.zip");
    }

    @Test
    void aReplyHasTheFileThatWasDownloaded() {
        ArtifactEntry kept = keeper.keep(DOWNLOAD).result();
        assertThat(outcome(click(Optional.of(new StartedDownload("d", "b.png"))))
                        .download())
                .contains(kept);
    }

    @Test
    void aFailureNamesThePageUnlessItIsTheActiveOne() {
        browser.hands.answer(command -> Future.failedFuture(Failures.failed("no such element", "look")));
        ActionRunner actions = new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null);
        assertThat(actions.perform(CLICK, Optional.of("back"), NEVER).cause())
                .hasMessage("no such element (on page back, which is not the active one)")
                .extracting(e -> ((BerthException) e).hint())
                .isEqualTo(Optional.of("look"));
        assertThat(actions.perform(CLICK, Optional.of("page"), NEVER).cause()).hasMessage("no such element");
    }

    @Test
    void aPageThatCannotBeLoadedIsClosedAgain() {
        browser.hands.answer(command -> Future.failedFuture(Failures.failed("navigation failed")));
        ActionRunner actions = new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null);
        OpenPage open = new OpenPage(Optional.of("https://a.b"), WaitUntil.LOAD, 60_000);
        assertThat(actions.perform(open, Optional.empty(), NEVER).cause()).hasMessage("navigation failed");
        assertThat(browser.told()).containsExactly("open", "close page");
    }

    @Test
    void aPageThatAPersonOpensStaysEvenThen() {
        browser.hands.answer(command -> Future.failedFuture(Failures.failed("navigation failed")));
        ActionRunner actions = new ActionRunner(browser, clock, keeper, new SessionFiles(null, null, null), null);
        OpenPage open = new OpenPage(Optional.of("https://a.b"), WaitUntil.LOAD, 60_000);
        assertThat(actions.openTab(open).cause()).hasMessage("navigation failed");
        assertThat(browser.told()).containsExactly("open");
    }
}

package dev.berth.session.machine;

import static dev.berth.session.machine.ClosingStep.KEEP_ALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.TouchSession;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.session.machine.SessionEffect.LaunchBrowser;
import dev.berth.session.machine.SessionEffect.LogFirstPage;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.SaveSoon;
import dev.berth.session.machine.SessionEffect.SetAlarm;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionInput.ActionAnswered;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.BrowserGone;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.DocumentLoaded;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.Opened;
import dev.berth.session.machine.SessionInput.PageChanged;
import dev.berth.session.machine.SessionInput.PageNavigated;
import dev.berth.session.machine.SessionInput.PresenceKnown;
import dev.berth.session.machine.SessionInput.StepFailed;
import dev.berth.session.machine.SessionInput.TimerFired;
import dev.berth.session.machine.SessionState.Changed;
import dev.berth.session.machine.SessionState.PageNavigation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionMachineTest extends MachineFixture {
    @Test
    void aNewSessionIsCreating() {
        assertThat(creating.life().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(creating.life().ending()).isFalse();
    }

    @Test
    void creatingRunsOnceTheBrowserIsUp() {
        Step step = machine.step(creating, new BrowserUp(at(1)));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().startedAt()).contains(T1);
        assertThat(step.effects())
                .containsExactly(
                        new SessionEffect.TellRunning(),
                        new SessionEffect.StartRecorders(),
                        new SetTimer(SessionTimer.IDLE, IDLE_MILLIS),
                        new SaveSoon(),
                        new Publish(new SessionEvent.SessionStarted(ID, T1)));
    }

    @Test
    void theFirstPageOfASessionCreatedForOneIsLoggedAsAnAction() {
        SessionMachine opening = machine(Optional.of(new InitialPrompt.StartUrl("https://a.b")));
        Step step = opening.step(creating, new BrowserUp(at(1)));
        assertThat(step.effects()).endsWith(new LogFirstPage());
        assertThat(step.state().use().openActions()).isEqualTo(1);
        assertThat(opening.step(step.state(), new ActionAnswered())
                        .state()
                        .use()
                        .openActions())
                .isZero();
    }

    @Test
    void anOpenedSessionLaunchesItsBrowser() {
        assertThat(machine.step(SessionState.NEW, new Opened()).effects())
                .containsExactly(new SetAlarm(SessionTimer.LIFETIME, EXPIRY), new LaunchBrowser());
    }

    @Test
    void runningIgnoresASecondBrowserUp() {
        assertUnmoved(running, new BrowserUp(at(2)));
    }

    @Test
    void whatHappensWhileEndingIsStillCounted() {
        SessionState state =
                after(ending, new PageNavigated("p", "d", "https://a.b", T2), new ActionDone(7, action("x", false)));
        assertThat(state.life()).isEqualTo(ending.life());
        assertThat(state.activity().navigationCount()).isEqualTo(1);
        assertThat(state.activity().actionCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void nothingChangesATerminalSession(SessionInput input) {
        for (EndReason reason : new EndReason[] {EndReason.CLIENT, EndReason.NODE_DRAINED, EndReason.OUT_OF_MEMORY}) {
            SessionState over = endedBecause(running, reason);
            assertThat(over.life().status().terminal()).isTrue();
            assertUnmoved(over, input);
        }
    }

    private static Stream<SessionInput> inputs() {
        return Stream.of(
                new BrowserUp(at(3)),
                new LaunchFailed("x"),
                new BrowserGone("x"),
                new EndRequested(EndReason.CLIENT),
                new Opened(),
                new PresenceKnown(),
                new ActionAnswered(),
                new TimerFired(SessionTimer.CLOSING, at(3)),
                new TimerFired(SessionTimer.KEEP_AGAIN, at(3)),
                done(KEEP_ALL),
                new StepFailed(KEEP_ALL, "x", at(3)),
                new PageNavigated("p", "d", "https://a.b", T3),
                new DocumentLoaded("d", true, T3),
                new PageChanged("p", "https://a.b", "A", true),
                new ActionDone(7, action("screenshot", true)));
    }

    @Test
    void aNavigationIsCountedListedSavedAndPublished() {
        Step step = machine.step(running, new PageNavigated("p", "d", "https://a.b", T2));
        NavigationEntry navigation = navigation("https://a.b", T2, Optional.empty(), Optional.empty());
        assertThat(step.state().activity().navigationCount()).isEqualTo(1);
        assertThat(step.state().activity().navigations()).containsExactly(new PageNavigation(0, "p", navigation));
        assertThat(step.state().life()).isEqualTo(running.life());
        assertThat(step.effects())
                .containsExactly(new SaveSoon(), new Publish(new SessionEvent.PageNavigated(ID, 0, navigation)));
    }

    private static NavigationEntry navigation(
            String url, Instant at, Optional<Instant> contentLoadedAt, Optional<Instant> loadedAt) {
        return new NavigationEntry(url, "", at, Optional.of("p"), Optional.of("d"), contentLoadedAt, loadedAt);
    }

    @Test
    void theFirstLoadTimesOfADocumentGoToItsNavigationAndAreSaved() {
        SessionState navigated = after(
                running,
                new PageNavigated("p", "d", "https://a.b/1", T1),
                new PageNavigated("p", "e", "https://a.b/2", T1));
        Step step = machine.step(navigated, new DocumentLoaded("d", false, T2));
        assertThat(step.effects()).containsExactly(new SaveSoon());
        SessionState loaded = after(
                step.state(),
                new DocumentLoaded("d", true, T3),
                new DocumentLoaded("d", false, T3),
                new DocumentLoaded("d", true, T1),
                new DocumentLoaded("unknown", true, T3));
        assertThat(loaded.activity().navigations().get(0).entry())
                .isEqualTo(navigation("https://a.b/1", T1, Optional.of(T2), Optional.of(T3)));
        assertThat(loaded.activity().navigations().get(1))
                .isEqualTo(navigated.activity().navigations().get(1));
    }

    @Test
    void theLatestHundredNavigationsAreListedAndAllAreCounted() {
        SessionState state = running;
        for (int i = 0; i < 103; i++) {
            state = after(state, new PageNavigated("p", "d", "https://a.b/" + i, T2));
        }
        assertThat(state.activity().navigationCount()).isEqualTo(103);
        assertThat(state.activity().navigations())
                .extracting(PageNavigation::seq)
                .containsExactlyElementsOf(LongStream.range(3, 103).boxed().toList());
        assertThat(state.activity().navigations().get(99).entry().url()).isEqualTo("https://a.b/102");
    }

    @Test
    void theHundredthNavigationDropsNone() {
        SessionState state = running;
        for (int i = 0; i < 100; i++) {
            state = after(state, new PageNavigated("p", "d", "https://a.b/" + i, T2));
        }
        assertThat(state.activity().navigations())
                .hasSize(100)
                .first()
                .extracting(PageNavigation::seq)
                .isEqualTo(0L);
    }

    @Test
    void aTitleGoesToTheLatestNavigationOfItsPage() {
        SessionState state = after(
                running,
                new PageNavigated("p", "d", "https://a.b/1", T1),
                new PageNavigated("p", "d", "https://a.b/2", T2),
                new PageNavigated("q", "d", "https://c.d", T3),
                new PageChanged("p", "https://a.b/2", "Two", false));
        assertThat(state.activity().navigations())
                .extracting(navigation -> navigation.entry().title())
                .containsExactly("", "Two", "");
    }

    @Test
    void aTitleOfAPageThatNeverNavigatedRetitlesNone() {
        SessionState navigated = after(running, new PageNavigated("p", "d", "https://a.b", T1));
        SessionState state = after(navigated, new PageChanged("other", "https://x.y", "X", false));
        assertThat(state).isEqualTo(navigated);
    }

    @Test
    void theUrlOfTheSessionIsThatOfTheActivePage() {
        Step step = machine.step(running, new PageChanged("p", "https://a.b", "A", true));
        assertThat(step.state().activity().currentUrl()).isEqualTo("https://a.b");
        assertThat(step.state().activity().title()).isEqualTo("A");
        assertThat(step.effects()).containsExactly(new SaveSoon());
    }

    @Test
    void aBackgroundPageDoesNotChangeTheUrlOfTheSession() {
        SessionState state = after(
                running,
                new PageChanged("p", "https://a.b", "A", true),
                new PageChanged("q", "https://c.d", "C", false));
        assertThat(state.activity().currentUrl()).isEqualTo("https://a.b");
        assertThat(state.activity().title()).isEqualTo("A");
    }

    @Test
    void anActionIsCountedSavedAndPublished() {
        ActionEntry action = action("navigate", false);
        Step step = machine.step(running, new ActionDone(7, action));
        assertThat(step.state().activity().actionCount()).isEqualTo(1);
        assertThat(step.effects())
                .containsExactly(new SaveSoon(), new Publish(new SessionEvent.ActionPerformed(ID, 7, action)));
    }

    @ParameterizedTest
    @MethodSource("screenshots")
    void onlyAScreenshotThatWasTakenIsCountedAsOne(String type, boolean success, long screenshots) {
        SessionState state = after(running, new ActionDone(7, action(type, success)));
        assertThat(state.activity().actionCount()).isEqualTo(1);
        assertThat(state.activity().screenshotCount()).isEqualTo(screenshots);
    }

    @Test
    void eachSourceOfActionsIsADriverOnce() {
        SessionState state = running;
        for (ActionSource source : List.of(ActionSource.REST, ActionSource.CDP, ActionSource.REST, ActionSource.LIVE)) {
            state = after(state, new ActionDone(0, action("click", true, source)));
        }
        assertThat(spec(Optional.empty())
                        .describe(state, T3, Traffic.NONE, 0, ErrorCounts.NONE)
                        .drivers())
                .containsExactly(ActionSource.REST, ActionSource.CDP, ActionSource.LIVE);
    }

    @Test
    void whatTheClientChangesHoldsFromThenOn() {
        SessionLabels labels =
                new SessionLabels(Optional.of("A"), Optional.of(Outcome.FAILED), Optional.of("why"), Map.of("k", "v"));
        SessionUpdated event = new SessionUpdated(ID, 0, labels, T2);
        Changed changed = new Changed(labels, new SessionTimeouts(5_000, 60_000, RECONNECT_MILLIS), T3);
        Step step = machine.step(running, new SessionInput.Updated(event, changed));
        assertThat(step.effects())
                .containsExactly(
                        new SetAlarm(SessionTimer.LIFETIME, T3),
                        new Publish(event),
                        new SetTimer(SessionTimer.IDLE, 1));
        SessionDescription now = spec(Optional.empty()).describe(step.state(), T2, Traffic.NONE, 0, ErrorCounts.NONE);
        assertThat(now.labels()).isEqualTo(labels);
        assertThat(now.expiresAt()).isEqualTo(T3);
        assertThat(now.options().timeouts().idle()).isEqualTo(5_000);
        assertThat(machine.step(step.state(), new TimerFired(SessionTimer.IDLE, at(2)))
                        .effects())
                .containsExactly(new SetTimer(SessionTimer.IDLE, 4_000));
        assertThat(machine.step(ending, new SessionInput.Updated(event, changed))
                        .effects())
                .containsExactly(new Publish(event));
    }

    @Test
    void theRecordingThatRunsIsDescribed() {
        Optional<RecordingInProgress> recording = Optional.of(new RecordingInProgress("recording-1", T2));
        SessionState recorded = after(running, new SessionInput.RecordingChanged(recording));
        assertThat(spec(Optional.empty())
                        .describe(recorded, T3, Traffic.NONE, 0, ErrorCounts.NONE)
                        .recording())
                .isEqualTo(recording);
        SessionState stopped = after(recorded, new SessionInput.RecordingChanged(Optional.empty()));
        assertThat(spec(Optional.empty())
                        .describe(stopped, T3, Traffic.NONE, 0, ErrorCounts.NONE)
                        .recording())
                .isEmpty();
    }

    /** Random orders of inputs never make the machine throw, and every end completes. */
    @Test
    void theSessionEndsAfterAnyOrderOfInputs() {
        Random random = new Random(1);
        List<SessionInput> inputs = everyInput();
        for (int run = 0; run < 2_000; run++) {
            SessionState state = SessionState.NEW;
            for (int i = 0; i < 30; i++) {
                state = after(state, inputs.get(random.nextInt(inputs.size())));
            }
            SessionState last = ended(after(state, new EndRequested(EndReason.CLIENT)));
            assertThat(last.over()).isTrue();
            assertThat(last.life().status().terminal()).isTrue();
        }
    }

    private static List<SessionInput> everyInput() {
        List<SessionInput> inputs = new ArrayList<>(inputs().toList());
        Stream.of(SessionTimer.values())
                .map(timer -> new TimerFired(timer, at(50)))
                .forEach(inputs::add);
        Stream.of(ClosingStep.values()).map(MachineFixture::done).forEach(inputs::add);
        Stream.of(
                        ACTION,
                        new OpenCdp("a"),
                        new TouchSession(),
                        new ClaimDialogs("a", Set.of("p")),
                        new DetachCdpClient("a"),
                        new SessionCommand.DescribeSession())
                .map(command -> command(command, 5))
                .forEach(inputs::add);
        inputs.add(new EndRequested(EndReason.CLIENT_DISCONNECTED));
        SessionLabels labels = new SessionLabels(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        inputs.add(new SessionInput.Updated(
                new SessionUpdated(ID, 0, labels, T2), new Changed(labels, SessionTimeouts.DEFAULT, T3)));
        inputs.add(new SessionInput.MemoryOutgrown("x"));
        inputs.add(new SessionInput.DiskOutgrown("x"));
        inputs.add(new SessionInput.ProfileChanged(
                new ProfileOutcome("p", Optional.of(1), Optional.empty(), Optional.empty())));
        inputs.add(new SessionInput.RecordingChanged(Optional.empty()));
        return inputs;
    }

    @Test
    void theRandomInputsContainEveryKind() {
        assertThat(everyInput().stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(SessionInput.class.getPermittedSubclasses()));
    }

    private static Stream<Arguments> screenshots() {
        return Stream.of(
                Arguments.of("screenshot", true, 1L),
                Arguments.of("screenshot", false, 0L),
                Arguments.of("navigate", true, 0L));
    }
}

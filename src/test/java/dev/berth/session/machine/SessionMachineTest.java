package dev.berth.session.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.machine.SessionEffect.CleanUp;
import dev.berth.session.machine.SessionEffect.Finish;
import dev.berth.session.machine.SessionEffect.OpenInitialPage;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.SaveSoon;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.BrowserGone;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.CleanedUp;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.PageChanged;
import dev.berth.session.machine.SessionInput.PageNavigated;
import dev.berth.session.machine.SessionMachine.Step;
import dev.berth.session.machine.SessionState.Visit;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SessionMachineTest {
    private static final SessionId ID = SessionId.random();
    private static final Instant T1 = Instant.parse("2026-01-01T00:00:01Z");
    private static final Instant T2 = Instant.parse("2026-01-01T00:00:02Z");
    private static final Instant T3 = Instant.parse("2026-01-01T00:00:03Z");

    private final SessionMachine machine = new SessionMachine(ID);

    private final SessionState creating = SessionState.NEW;
    private final SessionState running = after(creating, new BrowserUp(T1));
    private final SessionState endingNew = after(creating, new EndRequested(EndReason.CLIENT));
    private final SessionState ending = after(running, new EndRequested(EndReason.CLIENT));

    @Test
    void aNewSessionIsCreating() {
        assertThat(creating.life().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(creating.life().ending()).isFalse();
    }

    @Test
    void creatingRunsOnceTheBrowserIsUp() {
        Step step = machine.step(creating, new BrowserUp(T1));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().startedAt()).contains(T1);
        assertThat(step.effects())
                .containsExactly(
                        new SaveSoon(), new Publish(new SessionEvent.SessionStarted(ID, T1)), new OpenInitialPage());
    }

    @Test
    void creatingEndsWhenTheLaunchFails() {
        Step step = machine.step(creating, new LaunchFailed("no display"));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(step.state().life().endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(step.state().life().endDetail()).contains("no display");
        assertThat(step.effects()).containsExactly(new CleanUp());
    }

    @Test
    void creatingEndsWhenTheBrowserIsGone() {
        Step step = machine.step(creating, new BrowserGone("signal 9"));
        assertThat(step.state().life().endReason()).contains(EndReason.BROWSER_CRASHED);
        assertThat(step.effects()).containsExactly(new CleanUp());
    }

    @Test
    void creatingEndsOnRequest() {
        Step step = machine.step(creating, new EndRequested(EndReason.CLIENT));
        assertThat(step.state().life().endReason()).contains(EndReason.CLIENT);
        assertThat(step.state().life().endDetail()).isEmpty();
        assertThat(step.effects()).containsExactly(new CleanUp());
    }

    @Test
    void runningPassesOverASecondBrowserUp() {
        assertUnmoved(running, new BrowserUp(T2));
    }

    @Test
    void runningEndsWhenTheBrowserIsGone() {
        Step step = machine.step(running, new BrowserGone("signal 11"));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().endReason()).contains(EndReason.BROWSER_CRASHED);
        assertThat(step.state().life().endDetail()).contains("signal 11");
        assertThat(step.effects()).containsExactly(new CleanUp());
    }

    @ParameterizedTest
    @EnumSource(EndReason.class)
    void runningEndsOnRequestForWhateverReason(EndReason reason) {
        Step step = machine.step(running, new EndRequested(reason));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().endReason()).contains(reason);
        assertThat(step.effects()).containsExactly(new CleanUp());
    }

    @Test
    void endingDoesNotRunAnyMore() {
        assertUnmoved(endingNew, new BrowserUp(T2));
    }

    @Test
    void theFirstEndReasonWins() {
        for (SessionState state : new SessionState[] {endingNew, ending}) {
            assertUnmoved(state, new EndRequested(EndReason.IDLE_TIMEOUT));
            assertUnmoved(state, new BrowserGone("killed"));
            assertUnmoved(state, new LaunchFailed("killed"));
        }
    }

    @Test
    void endingFinishesOnceAllIsCleanedUp() {
        Step step = machine.step(ending, new CleanedUp(T3));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(step.state().life().startedAt()).contains(T1);
        assertThat(step.state().life().endedAt()).contains(T3);
        assertThat(step.state().life().endReason()).contains(EndReason.CLIENT);
        assertThat(step.effects()).containsExactly(new Finish());
    }

    @Test
    void theDetailOfTheEndOutlastsTheCleanUp() {
        SessionState crashed = after(running, new BrowserGone("signal 11"), new CleanedUp(T3));
        assertThat(crashed.life().endDetail()).contains("signal 11");
    }

    @Test
    void whatHappensWhileEndingIsStillCounted() {
        SessionState state =
                after(ending, new PageNavigated("p", "https://a.b", T2), new ActionDone(action("x", false)));
        assertThat(state.life()).isEqualTo(ending.life());
        assertThat(state.activity().navigationCount()).isEqualTo(1);
        assertThat(state.activity().actionCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void aTerminalSessionIsMovedByNothing(SessionInput input) {
        for (EndReason reason : new EndReason[] {EndReason.CLIENT, EndReason.NODE_DRAINED, EndReason.OUT_OF_MEMORY}) {
            SessionState over = after(running, new EndRequested(reason), new CleanedUp(T2));
            assertThat(over.life().status().terminal()).isTrue();
            assertUnmoved(over, input);
        }
    }

    private static Stream<SessionInput> inputs() {
        return Stream.of(
                new BrowserUp(T3),
                new LaunchFailed("x"),
                new BrowserGone("x"),
                new EndRequested(EndReason.CLIENT),
                new CleanedUp(T3),
                new PageNavigated("p", "https://a.b", T3),
                new PageChanged("p", "https://a.b", "A", true),
                new ActionDone(action("screenshot", true)));
    }

    @ParameterizedTest(name = "{0}: running -> {1}, creating -> {2}")
    @CsvSource({
        "CLIENT, COMPLETED, CANCELLED",
        "TASK_FINISHED, COMPLETED, CANCELLED",
        "TASK_FAILED, FAILED, FAILED",
        "TASK_CANCELLED, CANCELLED, CANCELLED",
        "IDLE_TIMEOUT, COMPLETED, CANCELLED",
        "MAX_LIFETIME, COMPLETED, CANCELLED",
        "CLIENT_DISCONNECTED, COMPLETED, CANCELLED",
        "BROWSER_CRASHED, FAILED, FAILED",
        "LAUNCH_FAILED, FAILED, FAILED",
        "NODE_DRAINED, CANCELLED, CANCELLED",
        "NODE_LOST, FAILED, FAILED",
        "BUDGET_EXHAUSTED, FAILED, FAILED",
        "OUT_OF_MEMORY, FAILED, FAILED",
        "DISK_FULL, FAILED, FAILED"
    })
    void theEndReasonGivesTheTerminalStatus(EndReason reason, SessionStatus ran, SessionStatus neverRan) {
        assertThat(after(running, new EndRequested(reason), new CleanedUp(T2))
                        .life()
                        .status())
                .isEqualTo(ran);
        assertThat(after(creating, new EndRequested(reason), new CleanedUp(T2))
                        .life()
                        .status())
                .isEqualTo(neverRan);
    }

    @Test
    void aNavigationIsCountedListedSavedAndTold() {
        Step step = machine.step(running, new PageNavigated("p", "https://a.b", T2));
        NavigationEntry navigation = new NavigationEntry("https://a.b", "", T2);
        assertThat(step.state().activity().navigationCount()).isEqualTo(1);
        assertThat(step.state().activity().visits()).containsExactly(new Visit(0, "p", navigation));
        assertThat(step.state().life()).isEqualTo(running.life());
        assertThat(step.effects())
                .containsExactly(new SaveSoon(), new Publish(new SessionEvent.PageNavigated(ID, navigation)));
    }

    @Test
    void theLatestHundredNavigationsAreListedAndAllAreCounted() {
        SessionState state = running;
        for (int i = 0; i < 103; i++) {
            state = after(state, new PageNavigated("p", "https://a.b/" + i, T2));
        }
        assertThat(state.activity().navigationCount()).isEqualTo(103);
        assertThat(state.activity().visits())
                .extracting(Visit::seq)
                .containsExactlyElementsOf(LongStream.range(3, 103).boxed().toList());
        assertThat(state.activity().visits().get(99).navigation().url()).isEqualTo("https://a.b/102");
    }

    @Test
    void theHundredthNavigationDropsNone() {
        SessionState state = running;
        for (int i = 0; i < 100; i++) {
            state = after(state, new PageNavigated("p", "https://a.b/" + i, T2));
        }
        assertThat(state.activity().visits())
                .hasSize(100)
                .first()
                .extracting(Visit::seq)
                .isEqualTo(0L);
    }

    @Test
    void aTitleGoesToTheLatestNavigationOfItsPage() {
        SessionState state = after(
                running,
                new PageNavigated("p", "https://a.b/1", T1),
                new PageNavigated("p", "https://a.b/2", T2),
                new PageNavigated("q", "https://c.d", T3),
                new PageChanged("p", "https://a.b/2", "Two", false));
        assertThat(state.activity().visits())
                .extracting(visit -> visit.navigation().title())
                .containsExactly("", "Two", "");
    }

    @Test
    void aTitleOfAPageThatNeverNavigatedRetitlesNone() {
        SessionState navigated = after(running, new PageNavigated("p", "https://a.b", T1));
        SessionState state = after(navigated, new PageChanged("other", "https://x.y", "X", false));
        assertThat(state).isEqualTo(navigated);
    }

    @Test
    void theActivePageIsWhereTheSessionIs() {
        Step step = machine.step(running, new PageChanged("p", "https://a.b", "A", true));
        assertThat(step.state().activity().currentUrl()).isEqualTo("https://a.b");
        assertThat(step.state().activity().title()).isEqualTo("A");
        assertThat(step.effects()).containsExactly(new SaveSoon());
    }

    @Test
    void aPageInTheBackgroundIsNotWhereTheSessionIs() {
        SessionState state = after(
                running,
                new PageChanged("p", "https://a.b", "A", true),
                new PageChanged("q", "https://c.d", "C", false));
        assertThat(state.activity().currentUrl()).isEqualTo("https://a.b");
        assertThat(state.activity().title()).isEqualTo("A");
    }

    @Test
    void anActionIsCountedSavedAndTold() {
        ActionEntry action = action("navigate", false);
        Step step = machine.step(running, new ActionDone(action));
        assertThat(step.state().activity().actionCount()).isEqualTo(1);
        assertThat(step.effects())
                .containsExactly(new SaveSoon(), new Publish(new SessionEvent.ActionPerformed(ID, action)));
    }

    @ParameterizedTest
    @MethodSource("screenshots")
    void onlyAScreenshotThatWasTakenIsCountedAsOne(String type, boolean success, long screenshots) {
        SessionState state = after(running, new ActionDone(action(type, success)));
        assertThat(state.activity().actionCount()).isEqualTo(1);
        assertThat(state.activity().screenshotCount()).isEqualTo(screenshots);
    }

    @Test
    void aSessionThatOutgrowsItsMemoryEndsAsFailed() {
        Step step = machine.step(running, new SessionInput.MemoryOutgrown("Chrome took 3000 MiB of memory"));
        assertThat(step.effects()).containsExactly(new CleanUp());
        SessionState over = after(step.state(), new CleanedUp(T2));
        assertThat(over.life().status()).isEqualTo(SessionStatus.FAILED);
        assertThat(over.life().endReason()).contains(EndReason.OUT_OF_MEMORY);
        assertThat(over.life().endDetail()).contains("Chrome took 3000 MiB of memory");
    }

    @Test
    void aSessionThatOutgrowsItsDiskEndsAsFailed() {
        Step step = machine.step(running, new SessionInput.DiskOutgrown("it took 2000 MiB of disk"));
        assertThat(step.effects()).containsExactly(new CleanUp());
        SessionState over = after(step.state(), new CleanedUp(T2));
        assertThat(over.life().status()).isEqualTo(SessionStatus.FAILED);
        assertThat(over.life().endReason()).contains(EndReason.DISK_FULL);
        assertThat(over.life().endDetail()).contains("it took 2000 MiB of disk");
    }

    @Test
    void aSessionThatWaitsKnowsItsPositionUntilItRuns() {
        SessionState waiting = after(creating, new SessionInput.Queued(2));
        assertThat(waiting.life().queuePosition()).isEqualTo(2);
        assertThat(waiting.life().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(after(waiting, new BrowserUp(T1)).life().queuePosition()).isZero();
    }

    @Test
    void aSessionThatWaitedTooLongFailsToLaunch() {
        SessionState late = after(creating, new SessionInput.QueueTimedOut(500), new CleanedUp(T2));
        assertThat(late.life().status()).isEqualTo(SessionStatus.FAILED);
        assertThat(late.life().endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(late.life().endDetail()).contains("no place became free within 500 ms");
    }

    private static Stream<Arguments> screenshots() {
        return Stream.of(
                Arguments.of("screenshot", true, 1L),
                Arguments.of("screenshot", false, 0L),
                Arguments.of("navigate", true, 0L));
    }

    private void assertUnmoved(SessionState state, SessionInput input) {
        Step step = machine.step(state, input);
        assertThat(step.state()).isEqualTo(state);
        assertThat(step.effects()).isEmpty();
    }

    private SessionState after(SessionState from, SessionInput... inputs) {
        SessionState state = from;
        for (SessionInput input : Arrays.asList(inputs)) {
            state = machine.step(state, input).state();
        }
        return state;
    }

    private static ActionEntry action(String type, boolean success) {
        return new ActionEntry(
                "action-1", type, T2, success, Map.of(), 1, ActionSource.REST, Optional.empty(), Cost.NONE);
    }
}

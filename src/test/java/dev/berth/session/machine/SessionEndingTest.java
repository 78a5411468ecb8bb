package dev.berth.session.machine;

import static dev.berth.session.machine.ClosingStep.END_BROWSER;
import static dev.berth.session.machine.ClosingStep.FLUSH_LOGS;
import static dev.berth.session.machine.ClosingStep.HEAR_CLIENTS;
import static dev.berth.session.machine.ClosingStep.KEEP_ALL;
import static dev.berth.session.machine.ClosingStep.KEEP_DOWNLOADS;
import static dev.berth.session.machine.ClosingStep.KEEP_RECORDING;
import static dev.berth.session.machine.ClosingStep.LOG_LAST_ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.PlainSession;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionEffect.AbortLaunch;
import dev.berth.session.machine.SessionEffect.AskPresence;
import dev.berth.session.machine.SessionEffect.CancelAllTimers;
import dev.berth.session.machine.SessionEffect.FailPending;
import dev.berth.session.machine.SessionEffect.GiveUp;
import dev.berth.session.machine.SessionEffect.LeavePlace;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.StopRecorders;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionEffect.TellOver;
import dev.berth.session.machine.SessionEffect.TellUnsafe;
import dev.berth.session.machine.SessionInput.BrowserGone;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.Opened;
import dev.berth.session.machine.SessionInput.PresenceKnown;
import dev.berth.session.machine.SessionInput.StepFailed;
import dev.berth.session.machine.SessionInput.TimerFired;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a session ends. */
class SessionEndingTest extends MachineFixture {
    @Test
    void creatingEndsWhenTheLaunchFails() {
        Step step = machine.step(creating, new LaunchFailed("no display"));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.CREATING);
        assertThat(step.state().life().endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(step.state().life().endDetail()).contains("no display");
        assertBeginsToEnd(step);
    }

    @Test
    void creatingEndsWhenTheBrowserIsGone() {
        Step step = machine.step(creating, new BrowserGone("signal 9"));
        assertThat(step.state().life().endReason()).contains(EndReason.BROWSER_CRASHED);
        assertBeginsToEnd(step);
    }

    @Test
    void creatingEndsOnRequest() {
        Step step = machine.step(creating, new EndRequested(EndReason.CLIENT));
        assertThat(step.state().life().endReason()).contains(EndReason.CLIENT);
        assertThat(step.state().life().endDetail()).isEmpty();
        assertBeginsToEnd(step);
    }

    @Test
    void runningEndsWhenTheBrowserIsGone() {
        Step step = machine.step(running, new BrowserGone("signal 11"));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().endReason()).contains(EndReason.BROWSER_CRASHED);
        assertThat(step.state().life().endDetail()).contains("signal 11");
        assertBeginsToEnd(step);
    }

    @ParameterizedTest
    @EnumSource(EndReason.class)
    void runningEndsOnRequestForWhateverReason(EndReason reason) {
        Step asked = machine.step(running, new EndRequested(reason));
        Step step = asked.state().life().ending() ? asked : machine.step(asked.state(), new PresenceKnown());
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(step.state().life().endReason()).contains(reason);
        assertBeginsToEnd(step);
    }

    /** Recording stops before anything else ends; what the flight recorder holds is kept of sessions that fail. */
    @ParameterizedTest
    @EnumSource(EndReason.class)
    void anEndStopsRecordingAndSaysWhetherTheSessionFailed(EndReason reason) {
        Step asked = machine.step(running, new EndRequested(reason));
        Step begun = asked.state().life().ending() ? asked : machine.step(asked.state(), new PresenceKnown());
        boolean failed = reason.terminalStatus(SessionStatus.RUNNING) == SessionStatus.FAILED;
        assertThat(begun.effects()).containsOnlyOnce(new StopRecorders(failed, false));
    }

    @Test
    void endingDoesNotRunAnyMore() {
        assertUnmoved(endingNew, new BrowserUp(at(2)));
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
        SessionState listener =
                after(ending, done(KEEP_DOWNLOADS), done(END_BROWSER), done(KEEP_RECORDING), done(LOG_LAST_ACTION));
        Step step = machine.step(listener, done(FLUSH_LOGS));
        assertThat(step.state().life().status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(step.state().life().startedAt()).contains(T1);
        assertThat(step.state().life().endedAt()).contains(T3);
        assertThat(step.state().life().endReason()).contains(EndReason.CLIENT);
        assertThat(step.effects())
                .containsExactly(new LeavePlace(), new SetTimer(SessionTimer.CLOSING, 8_000), new Take(KEEP_ALL));
        Step over = machine.step(step.state(), done(KEEP_ALL));
        assertThat(over.state().over()).isTrue();
        assertThat(over.effects())
                .containsExactly(
                        new CancelAllTimers(),
                        new TellOver(new SessionOver(SessionStatus.COMPLETED, EndReason.CLIENT), T3));
    }

    @Test
    void theDetailOfTheEndSurvivesTheCleanUp() {
        SessionState crashed = ended(after(running, new BrowserGone("signal 11")));
        assertThat(crashed.life().endDetail()).contains("signal 11");
    }

    @ParameterizedTest(name = "{0}: running -> {1}, creating -> {2}")
    @CsvSource({
        "CLIENT, COMPLETED, CANCELLED",
        "ADMIN, CANCELLED, CANCELLED",
        "TASK_FINISHED, COMPLETED, CANCELLED",
        "TASK_FAILED, FAILED, FAILED",
        "TASK_CANCELLED, CANCELLED, CANCELLED",
        "IDLE_TIMEOUT, COMPLETED, CANCELLED",
        "MAX_LIFETIME, COMPLETED, CANCELLED",
        "CLIENT_DISCONNECTED, COMPLETED, CANCELLED",
        "BROWSER_CRASHED, FAILED, FAILED",
        "DRIVER_CRASHED, FAILED, FAILED",
        "LAUNCH_FAILED, FAILED, FAILED",
        "NODE_DRAINED, CANCELLED, CANCELLED",
        "NODE_LOST, FAILED, FAILED",
        "BUDGET_EXHAUSTED, FAILED, FAILED",
        "OUT_OF_MEMORY, FAILED, FAILED",
        "DISK_FULL, FAILED, FAILED"
    })
    void theEndReasonGivesTheTerminalStatus(EndReason reason, SessionStatus ran, SessionStatus neverRan) {
        assertThat(endedBecause(running, reason).life().status()).isEqualTo(ran);
        assertThat(endedBecause(creating, reason).life().status()).isEqualTo(neverRan);
    }

    @Test
    void aSessionThatOutgrowsItsMemoryEndsAsFailed() {
        Step step = machine.step(running, new SessionInput.MemoryOutgrown("Chrome took 3000 MiB of memory"));
        assertBeginsToEnd(step);
        SessionState over = ended(step.state());
        assertThat(over.life().status()).isEqualTo(SessionStatus.FAILED);
        assertThat(over.life().endReason()).contains(EndReason.OUT_OF_MEMORY);
        assertThat(over.life().endDetail()).contains("Chrome took 3000 MiB of memory");
    }

    @Test
    void aSessionThatOutgrowsItsDiskEndsAsFailed() {
        Step step = machine.step(running, new SessionInput.DiskOutgrown("it took 2000 MiB of disk"));
        assertBeginsToEnd(step);
        SessionState over = ended(step.state());
        assertThat(over.life().status()).isEqualTo(SessionStatus.FAILED);
        assertThat(over.life().endReason()).contains(EndReason.DISK_FULL);
        assertThat(over.life().endDetail()).contains("it took 2000 MiB of disk");
    }

    @Test
    void anEndFailsPendingCommandsAndTakesItsStepsInOrder() {
        SessionState state = after(running, command(new OpenCdp("c"), 1));
        Step begun = machine.step(state, new EndRequested(EndReason.CLIENT));
        assertThat(begun.effects())
                .hasSize(6)
                .startsWith(new CancelAllTimers(), new AbortLaunch(), new StopRecorders(false, false));
        assertThat(((FailPending) begun.effects().get(3)).why().code()).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(begun.effects()).endsWith(new SetTimer(SessionTimer.CLOSING, 5_000), new Take(KEEP_DOWNLOADS));
        state = assertTakes(begun.state(), done(KEEP_DOWNLOADS), END_BROWSER);
        state = assertTakes(state, done(END_BROWSER), KEEP_RECORDING);
        state = assertTakes(state, done(KEEP_RECORDING), LOG_LAST_ACTION);
        state = assertTakes(state, done(LOG_LAST_ACTION), HEAR_CLIENTS);
        state = assertTakes(state, command(new DetachCdpClient("c"), 3), FLUSH_LOGS);
        assertTakes(state, done(FLUSH_LOGS), KEEP_ALL);
    }

    @Test
    void anEndGivesUpThePlaceOnceItsChromeIsGoneAndBeforeAllIsKept() {
        LeavePlace leave = new LeavePlace();
        assertThat(machine.step(creating, new EndRequested(EndReason.CLIENT)).effects())
                .doesNotContain(leave);
        assertThat(machine.step(taking(FLUSH_LOGS), done(FLUSH_LOGS)).effects()).startsWith(leave);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEEP_DOWNLOADS", "END_BROWSER", "KEEP_RECORDING", "LOG_LAST_ACTION", "FLUSH_LOGS"})
    void aStepThatFailsOrTakesTooLongIsToldAndPassedOver(ClosingStep step) {
        SessionState taking = taking(step);
        Step failed = machine.step(taking, new StepFailed(step, "no", at(3)));
        assertThat(failed.effects()).startsWith(new GiveUp(step, "failed: no"));
        Step late = machine.step(taking, new TimerFired(SessionTimer.CLOSING, at(3)));
        assertThat(late.effects()).startsWith(new GiveUp(step, "took more than " + step.maxMillis() + " ms"));
        assertThat(late.state()).isEqualTo(failed.state()).isEqualTo(after(taking, done(step)));
        // What it reports afterwards changes nothing.
        assertUnmoved(late.state(), done(step));
        assertUnmoved(late.state(), new StepFailed(step, "no", at(3)));
    }

    /** The first column tells of a session that saves always, the second of one that saves on success. */
    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "CLIENT, true, true",
        "ADMIN, true, false",
        "TASK_FINISHED, true, true",
        "TASK_FAILED, true, false",
        "TASK_CANCELLED, true, false",
        "IDLE_TIMEOUT, true, true",
        "MAX_LIFETIME, true, true",
        "NODE_DRAINED, true, false",
        "BUDGET_EXHAUSTED, true, false",
        "BROWSER_CRASHED, false, false",
        "LAUNCH_FAILED, false, false",
        "NODE_LOST, false, false",
        "OUT_OF_MEMORY, false, false",
        "DISK_FULL, false, false"
    })
    void theEndReasonSaysWhetherAProfileIsSaved(EndReason reason, boolean always, boolean onSuccess) {
        assertThat(saves(SaveProfile.ALWAYS, reason)).isEqualTo(always);
        assertThat(saves(SaveProfile.ON_SUCCESS, reason)).isEqualTo(onSuccess);
        assertThat(saves(SaveProfile.NEVER, reason)).isFalse();
    }

    private static boolean saves(SaveProfile save, EndReason reason) {
        SessionSpec plain = spec(Optional.empty());
        SessionOptions options = plain.options().toBuilder()
                .profile(Optional.of(new ProfileUse("p", save, Optional.empty())))
                .build();
        SessionMachine saving =
                new SessionMachine(PlainSession.spec(plain.request().with(options), T1, EXPIRY));
        SessionState state = SessionState.NEW;
        for (SessionInput input : List.of(new Opened(), new BrowserUp(at(1)), new EndRequested(reason))) {
            state = saving.step(state, input).state();
        }
        Step next = saving.step(state, done(KEEP_DOWNLOADS));
        boolean saves = next.state().closing().equals(Optional.of(ClosingStep.SAVE_PROFILE));
        boolean keeps = saving.step(
                        saving.step(next.state(), done(ClosingStep.SAVE_PROFILE))
                                .state(),
                        done(END_BROWSER))
                .state()
                .closing()
                .equals(Optional.of(ClosingStep.KEEP_PROFILE));
        assertThat(keeps).isEqualTo(saves);
        return saves;
    }

    @Test
    void theEndWaitsOnlyBrieflyForClientsThatDoNotLeave() {
        SessionState listener = after(
                running,
                command(new OpenCdp("c"), 1),
                new EndRequested(EndReason.CLIENT),
                done(KEEP_DOWNLOADS),
                done(END_BROWSER),
                done(KEEP_RECORDING),
                done(LOG_LAST_ACTION));
        assertThat(listener.closing()).contains(HEAR_CLIENTS);
        assertTakes(listener, new TimerFired(SessionTimer.CLOSING, at(3)), FLUSH_LOGS);
    }

    @Test
    void anEndedSessionIsNotOverBeforeEverythingIsKept() {
        SessionState keeping = taking(KEEP_ALL);
        for (SessionInput setback : new SessionInput[] {
            new StepFailed(KEEP_ALL, "Postgres is away", at(3)), new TimerFired(SessionTimer.CLOSING, at(3))
        }) {
            Step step = machine.step(keeping, setback);
            assertThat(step.state()).isEqualTo(keeping);
            assertThat(step.effects()).hasSize(3).endsWith(new SetTimer(SessionTimer.KEEP_AGAIN, 1_000));
            assertThat(step.effects().get(1)).isInstanceOf(TellUnsafe.class);
        }
        assertTakes(keeping, new TimerFired(SessionTimer.KEEP_AGAIN, at(4)), KEEP_ALL);
        assertThat(after(keeping, done(KEEP_ALL)).over()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = EndReason.class,
            names = {"CLIENT_DISCONNECTED", "DRIVER_CRASHED"})
    void whenTheClientsHaveLeftTheSessionChecksTheBrowsersPresence(EndReason reason) {
        Step asked = machine.step(running, new EndRequested(reason));
        assertThat(asked.effects()).containsExactly(new AskPresence(), new SetTimer(SessionTimer.PRESENCE, 5_000));
        assertUnmoved(asked.state(), new EndRequested(reason));
        assertThat(after(asked.state(), new BrowserGone("signal 9")).life().endReason())
                .contains(EndReason.BROWSER_CRASHED);
        for (SessionInput known :
                new SessionInput[] {new PresenceKnown(), new TimerFired(SessionTimer.PRESENCE, at(9))}) {
            assertThat(after(asked.state(), known).life().endReason()).contains(reason);
        }
        assertUnmoved(running, new PresenceKnown());
    }
}

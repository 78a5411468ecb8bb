package dev.berth.session.machine;

import static dev.berth.session.machine.ClosingStep.KEEP_DOWNLOADS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.PlainSession;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionEffect.AbortLaunch;
import dev.berth.session.machine.SessionEffect.CancelAllTimers;
import dev.berth.session.machine.SessionEffect.Refuse;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.Commanded;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.Opened;
import dev.berth.session.machine.SessionInput.PresenceKnown;
import dev.berth.session.machine.SessionInput.StepDone;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Sessions in each state, and common assertions for the tests of the machine. */
abstract class MachineFixture {
    static final SessionId ID = SessionId.random();
    static final Instant T1 = Instant.parse("2026-01-01T00:00:01Z");
    static final Instant T2 = Instant.parse("2026-01-01T00:00:02Z");
    static final Instant T3 = Instant.parse("2026-01-01T00:00:03Z");
    static final Instant EXPIRY = Instant.parse("2026-01-01T01:00:00Z");
    static final int IDLE_MILLIS = 10_000;
    static final int RECONNECT_MILLIS = 4_000;
    static final SessionCommand<?> ACTION = new Evaluate("1", 1_000);

    final SessionMachine machine = machine(Optional.empty());

    final SessionState creating = after(SessionState.NEW, new Opened());

    final SessionState running = after(creating, new BrowserUp(at(1)));

    final SessionState endingNew = after(creating, new EndRequested(EndReason.CLIENT));

    final SessionState ending = after(running, new EndRequested(EndReason.CLIENT));

    static SessionMachine machine(Optional<InitialPrompt> prompt) {
        return new SessionMachine(spec(prompt));
    }

    static SessionSpec spec(Optional<InitialPrompt> prompt) {
        SessionOptions options = SessionOptions.builder()
                .timeouts(new SessionTimeouts(IDLE_MILLIS, 60_000, RECONNECT_MILLIS))
                .build();
        return PlainSession.spec(
                new CreateSession(ID, 1, prompt.map(InitialPrompt::text), options, Map.of(), Optional.empty()),
                T1,
                EXPIRY);
    }

    /** @param seconds since an arbitrary start */
    static Moment at(double seconds) {
        long nanos = (long) (seconds * 1_000_000_000);
        return new Moment(T1.minusSeconds(1).plusNanos(nanos), nanos);
    }

    static StepDone done(ClosingStep step) {
        return new StepDone(step, at(3));
    }

    /** Takes all steps of an end, each successfully. */
    SessionState ended(SessionState state) {
        SessionState clean = state;
        for (ClosingStep step : ClosingStep.values()) {
            clean = after(clean, done(step));
        }
        return clean;
    }

    static Commanded command(SessionCommand<?> command, double seconds) {
        return new Commanded(command, at(seconds));
    }

    /** A session at this step of its end. */
    SessionState taking(ClosingStep step) {
        SessionState state = ending;
        while (!state.closing().equals(Optional.of(step))) {
            state = after(state, done(state.closing().orElseThrow()));
        }
        return state;
    }

    SessionState endedBecause(SessionState state, EndReason reason) {
        return ended(after(state, new EndRequested(reason), new PresenceKnown()));
    }

    SessionState assertTakes(SessionState state, SessionInput input, ClosingStep next) {
        Step step = machine.step(state, input);
        assertThat(step.state().closing()).contains(next);
        assertThat(step.effects()).contains(new SetTimer(SessionTimer.CLOSING, next.maxMillis()), new Take(next));
        return step.state();
    }

    void assertRefused(SessionState state, SessionCommand<?> command, ErrorCode code) {
        Step step = machine.step(state, command(command, 3));
        assertThat(step.effects())
                .singleElement()
                .isInstanceOfSatisfying(
                        Refuse.class,
                        refused -> assertThat(refused.why().code()).isEqualTo(code));
    }

    static void assertBeginsToEnd(Step step) {
        assertThat(step.effects()).contains(new AbortLaunch(), new CancelAllTimers(), new Take(KEEP_DOWNLOADS));
    }

    void assertUnmoved(SessionState state, SessionInput input) {
        Step step = machine.step(state, input);
        assertThat(step.state()).isEqualTo(state);
        assertThat(step.effects()).isEmpty();
    }

    SessionState after(SessionState from, SessionInput... inputs) {
        SessionState state = from;
        for (SessionInput input : Arrays.asList(inputs)) {
            state = machine.step(state, input).state();
        }
        return state;
    }

    static ActionEntry action(String type, boolean success) {
        return action(type, success, ActionSource.REST);
    }

    static ActionEntry action(String type, boolean success, ActionSource source) {
        return new ActionEntry("action-1", type, T2, success, Map.of(), 1, source, Optional.empty(), Cost.NONE);
    }
}

package dev.berth.session.machine;

import static dev.berth.session.machine.ClosingStep.KEEP_DOWNLOADS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.TouchSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import dev.berth.session.machine.SessionEffect.Answer;
import dev.berth.session.machine.SessionEffect.AskPresence;
import dev.berth.session.machine.SessionEffect.CancelTimer;
import dev.berth.session.machine.SessionEffect.LeaveDialogs;
import dev.berth.session.machine.SessionEffect.Perform;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.Steer;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionEffect.TellClientLeft;
import dev.berth.session.machine.SessionEffect.TellClients;
import dev.berth.session.machine.SessionInput.ActionAnswered;
import dev.berth.session.machine.SessionInput.TimerFired;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands to a session, its CDP clients, and when an unused session ends. */
class SessionUseTest extends MachineFixture {
    private static final LiveCommand<?> CLICK =
            new LiveCommand.Mouse("page", LiveCommand.MouseAction.DOWN, 1, 2, LiveCommand.Button.LEFT, 1, 1, 0);

    @Test
    void whatAPersonDoesWaitsForNoAction() {
        SessionState state = running;
        for (int i = 0; i < 101; i++) {
            state = machine.step(state, command(ACTION, 1)).state();
        }
        assertThat(machine.step(state, command(CLICK, 1)).effects()).containsExactly(new Steer(CLICK));
    }

    @Test
    void aPersonUsesTheSession() {
        Step used = machine.step(running, command(CLICK, 700));
        assertThat(used.state().use().usedNanos())
                .isEqualTo(machine.step(running, command(ACTION, 700))
                        .state()
                        .use()
                        .usedNanos());
    }

    @Test
    void anActionBeforeTheSessionRunsIsRefused() {
        for (SessionCommand<?> command : new SessionCommand<?>[] {ACTION, CLICK, new OpenCdp("c"), new ReadPages()}) {
            assertRefused(creating, command, ErrorCode.SESSION_NOT_RUNNING);
            assertRefused(creating, command, ErrorCode.SESSION_NOT_RUNNING);
        }
    }

    @Test
    void whoWaitsUntilAnEndingSessionRunsIsToldItsEnd() {
        AwaitRunning command = new AwaitRunning();
        assertThat(machine.step(creating, command(command, 3)).effects()).containsExactly(new Answer(command));
        assertRefused(ending, command, ErrorCode.SESSION_ENDED);
        assertRefused(ended(ending), command, ErrorCode.SESSION_ENDED);
    }

    @Test
    void anActionOfAnEndingSessionIsRefusedWithTheReason() {
        for (SessionCommand<?> command : new SessionCommand<?>[] {ACTION, CLICK, new OpenCdp("c"), new ReadPages()}) {
            assertRefused(endingNew, command, ErrorCode.SESSION_ENDED);
            assertRefused(ending, command, ErrorCode.SESSION_ENDED);
            assertRefused(ended(ending), command, ErrorCode.SESSION_ENDED);
        }
    }

    @Test
    void oneActionRunsAndAHundredWait() {
        SessionState state = running;
        for (int i = 0; i < 101; i++) {
            Step step = machine.step(state, command(ACTION, 1));
            assertThat(step.effects()).containsExactly(new Perform((SessionCommand.Action<?>) ACTION));
            state = step.state();
        }
        assertRefused(state, ACTION, ErrorCode.LIMIT_REACHED);
        assertThat(machine.step(after(state, new ActionAnswered()), command(ACTION, 1))
                        .effects())
                .containsExactly(new Perform((SessionCommand.Action<?>) ACTION));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void readOnlyCommandsAreAnsweredInEveryState(SessionCommand<?> command) {
        for (SessionState state : new SessionState[] {creating, running, endingNew, ending, ended(ending)}) {
            Step step = machine.step(state, command(command, 5));
            assertThat(step.state()).isEqualTo(state);
            assertThat(step.effects()).containsExactly(new Answer(command));
        }
    }

    private static Stream<SessionCommand<?>> reads() {
        return Stream.of(
                new SessionCommand.DescribeSession(),
                new SessionCommand.ReadActions(0, 1),
                new SessionCommand.ReadArtifacts(),
                new SessionCommand.ReadLog(LogKind.CONSOLE, 0, 1),
                new SessionCommand.CheckHealth());
    }

    @Test
    void theCommandToEndIsAnsweredOnceItHasBegun() {
        EndSession end = new EndSession(EndReason.CLIENT);
        Step step = machine.step(running, command(end, 2));
        assertThat(step.state().life().endReason()).contains(EndReason.CLIENT);
        assertThat(step.effects()).endsWith(new Take(KEEP_DOWNLOADS), new Answer(end));
        assertThat(machine.step(step.state(), command(end, 2)).effects()).containsExactly(new Answer(end));
    }

    /** A task that waits for a person asks again and again whether one has acted. */
    @Test
    void aSessionWhoseTaskWaitsForAPersonIsNotIdle() {
        SessionState waiting = after(running, command(new AwaitNoHands(5_000, 60_000), 9));
        assertThat(machine.step(waiting, new TimerFired(SessionTimer.IDLE, at(11)))
                        .effects())
                .containsExactly(new SetTimer(SessionTimer.IDLE, 8_000));
    }

    @Test
    void anUnusedSessionEndsAfterItsIdleTimeout() {
        assertThat(machine.step(running, new TimerFired(SessionTimer.IDLE, at(4)))
                        .effects())
                .containsExactly(new SetTimer(SessionTimer.IDLE, 7_000));
        SessionState used = after(running, command(ACTION, 6));
        assertThat(machine.step(used, new TimerFired(SessionTimer.IDLE, at(11))).effects())
                .containsExactly(new SetTimer(SessionTimer.IDLE, 5_000));
        assertThat(after(used, new TimerFired(SessionTimer.IDLE, at(16))).life().endReason())
                .contains(EndReason.IDLE_TIMEOUT);
    }

    @Test
    void readOnlyCommandsDoNotCountAsUse() {
        SessionState seen = after(running, command(new SessionCommand.DescribeSession(), 8));
        assertThat(after(seen, new TimerFired(SessionTimer.IDLE, at(11))).life().endReason())
                .contains(EndReason.IDLE_TIMEOUT);
    }

    @Test
    void aSessionEndsAtItsExpiryEvenIfItIsUsed() {
        for (SessionState state : new SessionState[] {creating, running}) {
            assertThat(after(state, new TimerFired(SessionTimer.LIFETIME, at(9)))
                            .life()
                            .endReason())
                    .contains(EndReason.MAX_LIFETIME);
        }
    }

    @Test
    void eachClientIsReported() {
        OpenCdp open = new OpenCdp("a");
        assertThat(machine.step(running, command(open, 2)).effects())
                .containsExactly(new CancelTimer(SessionTimer.RECONNECT), new TellClients(1), new Answer(open));
        OpenCdp second = new OpenCdp("b");
        assertThat(machine.step(after(running, command(open, 2)), command(second, 2))
                        .effects())
                .containsExactly(new CancelTimer(SessionTimer.RECONNECT), new TellClients(2), new Answer(second));
    }

    @Test
    void theLastClientThatLeavesMayReconnectInTime() {
        SessionState two = after(running, command(new OpenCdp("a"), 2), command(new OpenCdp("b"), 2));
        DetachCdpClient first = new DetachCdpClient("a");
        assertThat(machine.step(two, command(first, 3)).effects())
                .containsExactly(new TellClientLeft("a"), new TellClients(1), new Answer(first));
        DetachCdpClient last = new DetachCdpClient("b");
        assertThat(machine.step(after(two, command(first, 3)), command(last, 4)).effects())
                .containsExactly(
                        new TellClientLeft("b"),
                        new TellClients(0),
                        new SetTimer(SessionTimer.RECONNECT, RECONNECT_MILLIS),
                        new Answer(last));
    }

    @Test
    void afterItsClientsLeftASessionEndsUnlessItIsUsed() {
        SessionState left = after(running, command(new OpenCdp("a"), 2), command(new DetachCdpClient("a"), 3));
        TimerFired due = new TimerFired(SessionTimer.RECONNECT, at(7));
        assertThat(machine.step(left, due).effects()).startsWith(new AskPresence());
        assertThat(machine.step(after(left, command(ACTION, 5)), due).effects())
                .containsExactly(new SetTimer(SessionTimer.RECONNECT, 2_000));
        assertThat(machine.step(left, command(new OpenCdp("b"), 4)).effects())
                .startsWith(new CancelTimer(SessionTimer.RECONNECT));
    }

    @Test
    void framesOfAClientCountAsUse() {
        SessionState open = after(running, command(new OpenCdp("a"), 2));
        assertThat(after(open, command(new TouchSession(), 9)).use().usedNanos())
                .isEqualTo(at(9).monotonicNanos());
    }

    @Test
    void dialogsAreLeftToTheClientsThatClaimThemUntilTheyLeave() {
        SessionState open = after(running, command(new OpenCdp("a"), 2), command(new OpenCdp("b"), 2));
        ClaimDialogs first = new ClaimDialogs("a", Set.of("p"));
        assertThat(machine.step(open, command(first, 3)).effects())
                .containsExactly(new LeaveDialogs(Set.of("p")), new Answer(first));
        SessionState claimed = after(open, command(first, 3), command(new ClaimDialogs("b", Set.of("q")), 3));
        assertThat(machine.step(claimed, command(new DetachCdpClient("a"), 4)).effects())
                .contains(new LeaveDialogs(Set.of("q")));
    }
}

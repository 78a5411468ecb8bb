package dev.berth.session.machine;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.TouchSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.ReadFiles;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionCommand.ReadRoutes;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSupport;
import dev.berth.session.machine.SessionEffect.Answer;
import dev.berth.session.machine.SessionEffect.CancelTimer;
import dev.berth.session.machine.SessionEffect.LeaveDialogs;
import dev.berth.session.machine.SessionEffect.Perform;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.Refuse;
import dev.berth.session.machine.SessionEffect.SetAlarm;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.Steer;
import dev.berth.session.machine.SessionEffect.TellClientLeft;
import dev.berth.session.machine.SessionEffect.TellClients;
import dev.berth.session.machine.SessionInput.Commanded;
import dev.berth.session.machine.SessionInput.Updated;
import java.util.Optional;

/** How a session is used: commands, CDP clients that come and leave, and when an unused session ends. */
final class Using {
    /** Limit for a session's open actions, which clients choose: one that runs and 100 that wait. */
    static final int MAX_ACTIONS = 101;

    private final SessionSpec spec;
    private final Ending ending;

    Using(SessionSpec spec, Ending ending) {
        this.spec = spec;
        this.ending = ending;
    }

    /** Exactly one of these effects comes of each command: Answer, Refuse, Perform or Steer. */
    Step commanded(SessionState state, Commanded commanded) {
        SessionCommand<?> command = commanded.command();
        Moment at = commanded.at();
        Answer answer = new Answer(command);
        if (command instanceof Action<?> action) {
            return act(state.with(state.use().used(at)), action);
        } else if (command instanceof LiveCommand<?> live) {
            return steer(state, live, at);
        } else if (command instanceof OpenCdp open) {
            return state.refusal()
                    .map(why -> Step.to(state, new Refuse(why)))
                    .orElseGet(() -> attach(state, open.clientId(), at).and(answer));
        } else if (command instanceof TouchSession) {
            return Step.to(state.with(state.use().used(at)), answer);
        } else if (command instanceof DetachCdpClient detach) {
            return detach(state, detach.clientId(), at).and(answer);
        } else if (command instanceof ClaimDialogs claim) {
            CdpClients clients = state.use().clients().claimed(claim.clientId(), claim.pageIds());
            return Step.to(state.with(clients), new LeaveDialogs(clients.claimedPages()), answer);
        } else if (command instanceof FileCommand<?>) {
            boolean reads = command instanceof ReadFiles;
            return ifRunning(reads ? state : state.with(state.use().used(at)), answer);
        } else if (command instanceof TaskSupport<?>) {
            // A task uses the session while it waits for a person, too.
            return ifRunning(state.with(state.use().used(at)), answer);
        } else if (command instanceof ReadPages || command instanceof ReadRoutes) {
            return ifRunning(state, answer);
        } else if (command instanceof AwaitRunning) {
            Optional<BerthException> over = state.life().endReason().map(EndReason::refusal);
            return Step.to(state, over.<SessionEffect>map(Refuse::new).orElse(answer));
        } else if (command instanceof EndSession end) {
            return ending.request(state, end.reason()).and(answer);
        }
        return Step.to(state, answer);
    }

    private static Step ifRunning(SessionState state, Answer answer) {
        return Step.to(state, state.refusal().<SessionEffect>map(Refuse::new).orElse(answer));
    }

    private static Step act(SessionState state, Action<?> action) {
        return state.refusal()
                .map(why -> Step.to(state, new Refuse(why)))
                .orElseGet(() -> state.use().openActions() >= MAX_ACTIONS
                        ? Step.to(state, new Refuse(tooMany()))
                        : Step.to(state.with(state.use().acting(1)), new Perform(action)));
    }

    /** A live command does not wait for actions: a person may act because an action takes so long. */
    private static Step steer(SessionState state, LiveCommand<?> command, Moment at) {
        return state.refusal()
                .map(why -> Step.to(state, new Refuse(why)))
                .orElseGet(() -> Step.to(state.with(state.use().used(at)), new Steer(command)));
    }

    private static BerthException tooMany() {
        return new BerthException(
                ErrorCode.LIMIT_REACHED, (MAX_ACTIONS - 1) + " actions of this session are already waiting");
    }

    private static Step attach(SessionState state, String clientId, Moment at) {
        CdpClients clients = state.use().clients().with(clientId);
        return Step.to(
                state.with(state.use().with(clients).used(at)),
                new CancelTimer(SessionTimer.RECONNECT),
                new TellClients(clients.count()));
    }

    private Step detach(SessionState state, String clientId, Moment at) {
        CdpClients before = state.use().clients();
        if (!before.has(clientId)) {
            return Step.to(state);
        }
        CdpClients clients = before.without(clientId);
        Step left = Step.to(state.with(clients), new TellClientLeft(clientId), new TellClients(clients.count()));
        if (before.claims().containsKey(clientId)) {
            left = left.and(new LeaveDialogs(clients.claimedPages()));
        }
        return clients.count() > 0 ? left : left.then(alone -> allLeft(alone, at));
    }

    /** The last client has left: starts the reconnect timer, or lets a waiting end go on. */
    private Step allLeft(SessionState state, Moment at) {
        if (state.life().ending()) {
            return ending.clientsGone(state, at);
        }
        return Step.to(
                state.with(state.use().left(at)),
                new SetTimer(SessionTimer.RECONNECT, spec.timeouts(state).reconnect()));
    }

    /** Idle time may have become shorter: the timer is set anew, and looks how much of the time is left. */
    Step updated(SessionState state, Updated updated) {
        if (state.life().ending()) {
            return Step.to(state.with(updated.now()), new Publish(updated.event()));
        }
        Step step = Step.to(
                state.with(updated.now()),
                new SetAlarm(SessionTimer.LIFETIME, updated.now().expiresAt()),
                new Publish(updated.event()));
        boolean idles = state.life().status() == SessionStatus.RUNNING
                && updated.now().timeouts().idle() != spec.timeouts(state).idle();
        return idles ? step.and(new SetTimer(SessionTimer.IDLE, 1)) : step;
    }

    Step idle(SessionState state, Moment at) {
        long left = spec.timeouts(state).idle() - state.use().idleMillis(at);
        return left > 0
                ? Step.to(state, new SetTimer(SessionTimer.IDLE, left))
                : ending.request(state, EndReason.IDLE_TIMEOUT);
    }

    Step away(SessionState state, Moment at) {
        long left = spec.timeouts(state).reconnect() - state.use().awayMillis(at);
        return left > 0
                ? Step.to(state, new SetTimer(SessionTimer.RECONNECT, left))
                : ending.request(state, EndReason.CLIENT_DISCONNECTED);
    }
}

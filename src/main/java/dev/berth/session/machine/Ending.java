package dev.berth.session.machine;

import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionEffect.AbortLaunch;
import dev.berth.session.machine.SessionEffect.AskPresence;
import dev.berth.session.machine.SessionEffect.CancelAllTimers;
import dev.berth.session.machine.SessionEffect.CancelTimer;
import dev.berth.session.machine.SessionEffect.FailPending;
import dev.berth.session.machine.SessionEffect.GiveUp;
import dev.berth.session.machine.SessionEffect.LeavePlace;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.StopRecorders;
import dev.berth.session.machine.SessionEffect.Take;
import dev.berth.session.machine.SessionEffect.TellOver;
import dev.berth.session.machine.SessionEffect.TellUnsafe;
import dev.berth.session.machine.SessionInput.StepDone;
import dev.berth.session.machine.SessionInput.StepFailed;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** How a session ends: the reason, the order of the steps, and timeouts, so that it ends whatever fails. */
final class Ending {
    private static final long PRESENCE_MILLIS = 5_000;
    private static final long KEEP_AGAIN_MILLIS = 1_000;

    /** Ends of a session whose Chrome is gone, or is to be gone at once. */
    private static final Set<EndReason> TOO_LATE_TO_SAVE = EnumSet.of(
            EndReason.BROWSER_CRASHED,
            EndReason.LAUNCH_FAILED,
            EndReason.NODE_LOST,
            EndReason.OUT_OF_MEMORY,
            EndReason.DISK_FULL);

    /** Ends that may be consequences of the death of Chrome. */
    private static final Set<EndReason> OF_CLIENTS =
            EnumSet.of(EndReason.CLIENT_DISCONNECTED, EndReason.DRIVER_CRASHED);

    private final SessionSpec spec;
    private final Optional<ProfileUse> profile;

    Ending(SessionSpec spec) {
        this.spec = spec;
        this.profile = spec.options().profile();
    }

    /**
     * When a browser dies, its clients' sockets close and its driver ends, and that may be reported before the browser's death: so ask
     * whether it is still there.
     */
    Step request(SessionState state, EndReason reason) {
        boolean doubtful = OF_CLIENTS.contains(reason) && state.life().status() == SessionStatus.RUNNING;
        return doubtful && !state.life().ending() ? askPresence(state, reason) : begin(state, reason, Optional.empty());
    }

    private static Step askPresence(SessionState state, EndReason reason) {
        return state.use().doubted().isPresent()
                ? Step.to(state)
                : Step.to(
                        state.with(state.use().doubting(reason)),
                        new AskPresence(),
                        new SetTimer(SessionTimer.PRESENCE, PRESENCE_MILLIS));
    }

    Step presenceKnown(SessionState state) {
        return state.use()
                .doubted()
                .map(reason -> begin(state, reason, Optional.empty()))
                .orElse(Step.to(state));
    }

    Step begin(SessionState state, EndReason reason, String detail) {
        return begin(state, reason, Optional.of(detail));
    }

    /** The first reason stays: what a dying session does afterwards does not change it. */
    private Step begin(SessionState state, EndReason reason, Optional<String> detail) {
        if (state.life().ending()) {
            return Step.to(state);
        }
        return Step.to(
                        unsaved(state.with(state.life().ending(reason, detail))),
                        new CancelAllTimers(),
                        new AbortLaunch(),
                        stopRecorders(state, reason.terminalStatus(state.life().status()) == SessionStatus.FAILED),
                        new FailPending(reason.refusal()))
                .then(ending -> take(ending, ClosingStep.KEEP_DOWNLOADS));
    }

    private StopRecorders stopRecorders(SessionState state, boolean failed) {
        boolean passed = spec.labels(state)
                .outcome()
                .filter(outcome -> !outcome.keepsRecording())
                .isPresent();
        return new StopRecorders(failed, spec.options().recordingOnFailure() && passed && !failed);
    }

    /** The state with the outcome of the profile, if the profile was to be saved and can't be. */
    private SessionState unsaved(SessionState state) {
        EndReason reason = state.life().endReason().orElseThrow();
        return profile.filter(use -> isToSave(use, state) && TOO_LATE_TO_SAVE.contains(reason))
                .map(use -> state.with(state.profile()
                        .orElseGet(() -> ProfileOutcome.of(use))
                        .notSaved("the session ended as " + reason.wireName())))
                .orElse(state);
    }

    private boolean saves(SessionState state) {
        return profile.filter(use -> isToSave(use, state)).isPresent()
                && !TOO_LATE_TO_SAVE.contains(state.life().endReason().orElseThrow());
    }

    private static boolean isToSave(ProfileUse use, SessionState ending) {
        SessionStatus status = ending.life().status();
        EndReason reason = ending.life().endReason().orElseThrow();
        return status == SessionStatus.RUNNING
                && switch (use.save()) {
                    case ALWAYS -> true;
                    case ON_SUCCESS -> reason.terminalStatus(status) == SessionStatus.COMPLETED;
                    case NEVER -> false;
                };
    }

    Step done(SessionState state, StepDone done) {
        return state.isTaking(done.step()) ? next(state, done.at()) : Step.to(state);
    }

    Step failed(SessionState state, StepFailed failed) {
        if (!state.isTaking(failed.step())) {
            return Step.to(state);
        }
        return failed.step() == ClosingStep.KEEP_ALL
                ? keepAgain(state, failed.detail())
                : giveUp(state, "failed: " + failed.detail(), failed.at());
    }

    Step late(SessionState state, Moment at) {
        if (state.closing().isEmpty()) {
            return Step.to(state);
        }
        ClosingStep step = state.closing().get();
        String why = "took more than " + step.maxMillis() + " ms";
        return switch (step) {
            case KEEP_ALL -> keepAgain(state, why);
            case HEAR_CLIENTS -> next(state, at);
            default -> giveUp(state, why, at);
        };
    }

    private Step giveUp(SessionState state, String why, Moment at) {
        return Step.to(state, new GiveUp(state.closing().orElseThrow(), why)).then(same -> next(same, at));
    }

    private static Step keepAgain(SessionState state, String why) {
        return Step.to(
                state,
                new CancelTimer(SessionTimer.CLOSING),
                new TellUnsafe(why),
                new SetTimer(SessionTimer.KEEP_AGAIN, KEEP_AGAIN_MILLIS));
    }

    Step tryAgain(SessionState state) {
        return state.isTaking(ClosingStep.KEEP_ALL) ? take(state, ClosingStep.KEEP_ALL) : Step.to(state);
    }

    /** The last CDP client has left: if the end waits for that, it goes on. */
    Step clientsGone(SessionState state, Moment at) {
        return state.isTaking(ClosingStep.HEAR_CLIENTS) ? next(state, at) : Step.to(state);
    }

    private Step next(SessionState state, Moment at) {
        ClosingStep next = state.closing().orElseThrow().next();
        boolean idle = next == ClosingStep.HEAR_CLIENTS && state.use().clients().count() == 0;
        boolean unsaved = (next == ClosingStep.SAVE_PROFILE || next == ClosingStep.KEEP_PROFILE) && !saves(state);
        if (idle || unsaved) {
            return next(state.taking(next), at);
        } else if (next == ClosingStep.KEEP_ALL) {
            return Step.to(state.with(state.life().ended(at.wall())), new LeavePlace())
                    .then(ended -> take(ended, next));
        }
        return next == ClosingStep.OVER ? over(state) : take(state, next);
    }

    private static Step take(SessionState state, ClosingStep step) {
        return Step.to(state.taking(step), new SetTimer(SessionTimer.CLOSING, step.maxMillis()), new Take(step));
    }

    private Step over(SessionState state) {
        SessionStatus status = state.life().status();
        EndReason reason = state.life().endReason().orElseThrow();
        return Step.to(
                state.taking(ClosingStep.OVER),
                new CancelAllTimers(),
                new TellOver(
                        new SessionOver(status, reason), state.life().endedAt().orElseThrow()));
    }
}

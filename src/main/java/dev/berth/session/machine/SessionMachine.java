package dev.berth.session.machine;

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
import dev.berth.session.machine.SessionInput.DiskOutgrown;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.MemoryOutgrown;
import dev.berth.session.machine.SessionInput.PageChanged;
import dev.berth.session.machine.SessionInput.PageNavigated;
import dev.berth.session.machine.SessionInput.QueueTimedOut;
import dev.berth.session.machine.SessionInput.Queued;
import java.util.List;
import java.util.Optional;

/** The logic of a session: {@code (state, input) → (state, effects)}. No Vert.x, no clock, no I/O. */
public final class SessionMachine {
    private final SessionId id;

    public SessionMachine(SessionId id) {
        this.id = id;
    }

    /** A transition. */
    public record Step(SessionState state, List<SessionEffect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }

        static Step to(SessionState state, SessionEffect... effects) {
            return new Step(state, List.of(effects));
        }
    }

    public Step step(SessionState state, SessionInput input) {
        if (state.life().status().terminal()) {
            return Step.to(state);
        }
        if (input instanceof BrowserUp up) {
            return browserUp(state, up);
        } else if (input instanceof LaunchFailed failed) {
            return end(state, EndReason.LAUNCH_FAILED, Optional.of(failed.detail()));
        } else if (input instanceof BrowserGone gone) {
            return end(state, EndReason.BROWSER_CRASHED, Optional.of(gone.detail()));
        } else if (input instanceof MemoryOutgrown outgrown) {
            return end(state, EndReason.OUT_OF_MEMORY, Optional.of(outgrown.detail()));
        } else if (input instanceof DiskOutgrown outgrown) {
            return end(state, EndReason.DISK_FULL, Optional.of(outgrown.detail()));
        } else if (input instanceof Queued queued) {
            return Step.to(state.with(state.life().queued(queued.position())));
        } else if (input instanceof QueueTimedOut late) {
            String detail = "no place became free within " + late.millis() + " ms";
            return end(state, EndReason.LAUNCH_FAILED, Optional.of(detail));
        } else if (input instanceof EndRequested requested) {
            return end(state, requested.reason(), Optional.empty());
        } else if (input instanceof CleanedUp cleaned) {
            return Step.to(state.with(state.life().ended(cleaned.at())), new Finish());
        } else if (input instanceof PageNavigated navigated) {
            return pageNavigated(state, navigated);
        } else if (input instanceof PageChanged changed) {
            return pageChanged(state, changed);
        } else if (input instanceof ActionDone done) {
            return actionDone(state, done);
        }
        throw new IllegalArgumentException("unknown input " + input);
    }

    private Step browserUp(SessionState state, BrowserUp up) {
        if (state.life().ending() || state.life().status() == SessionStatus.RUNNING) {
            return Step.to(state);
        }
        return Step.to(
                state.with(state.life().started(up.at())),
                new SaveSoon(),
                new Publish(new SessionEvent.SessionStarted(id, up.at())),
                new OpenInitialPage());
    }

    /** The first reason counts: what a dying session does afterwards is no news. */
    private static Step end(SessionState state, EndReason reason, Optional<String> detail) {
        return state.life().ending()
                ? Step.to(state)
                : Step.to(state.with(state.life().ending(reason, detail)), new CleanUp());
    }

    private Step pageNavigated(SessionState state, PageNavigated navigated) {
        NavigationEntry navigation = new NavigationEntry(navigated.url(), "", navigated.at());
        return Step.to(
                state.with(state.activity().navigated(navigated.pageId(), navigation)),
                new SaveSoon(),
                new Publish(new SessionEvent.PageNavigated(id, navigation)));
    }

    private static Step pageChanged(SessionState state, PageChanged changed) {
        SessionState.Activity titled = state.activity().titled(changed.pageId(), changed.url(), changed.title());
        return Step.to(
                state.with(changed.active() ? titled.at(changed.url(), changed.title()) : titled), new SaveSoon());
    }

    private Step actionDone(SessionState state, ActionDone done) {
        boolean screenshot = done.action().success() && done.action().type().equals("screenshot");
        return Step.to(
                state.with(state.activity().acted(screenshot)),
                new SaveSoon(),
                new Publish(new SessionEvent.ActionPerformed(id, done.action())));
    }
}

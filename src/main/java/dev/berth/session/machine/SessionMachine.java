package dev.berth.session.machine;

import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionEffect.LaunchBrowser;
import dev.berth.session.machine.SessionEffect.LogFirstPage;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.SaveSoon;
import dev.berth.session.machine.SessionEffect.SetAlarm;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.StartRecorders;
import dev.berth.session.machine.SessionEffect.TellRunning;
import dev.berth.session.machine.SessionInput.ActionAnswered;
import dev.berth.session.machine.SessionInput.ActionDone;
import dev.berth.session.machine.SessionInput.BrowserGone;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.Commanded;
import dev.berth.session.machine.SessionInput.DiskOutgrown;
import dev.berth.session.machine.SessionInput.DocumentLoaded;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.MemoryOutgrown;
import dev.berth.session.machine.SessionInput.Opened;
import dev.berth.session.machine.SessionInput.PageChanged;
import dev.berth.session.machine.SessionInput.PageNavigated;
import dev.berth.session.machine.SessionInput.PresenceKnown;
import dev.berth.session.machine.SessionInput.ProfileChanged;
import dev.berth.session.machine.SessionInput.RecordingChanged;
import dev.berth.session.machine.SessionInput.StepDone;
import dev.berth.session.machine.SessionInput.StepFailed;
import dev.berth.session.machine.SessionInput.TimerFired;
import dev.berth.session.machine.SessionInput.Updated;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The logic of a session: {@code (state, input) → (state, effects)}. No Vert.x, no clock, no I/O. */
public final class SessionMachine {
    private final SessionId id;
    private final SessionSpec spec;
    private final Ending ending;
    private final Using using;
    private final Map<Class<?>, BiFunction<SessionState, SessionInput, Step>> transitions = new HashMap<>();

    public SessionMachine(SessionSpec spec) {
        this.id = spec.id();
        this.spec = spec;
        this.ending = new Ending(spec);
        this.using = new Using(spec, ending);
        on(Opened.class, (state, opened) -> opened(state));
        on(BrowserUp.class, this::browserUp);
        on(LaunchFailed.class, (state, why) -> ending.begin(state, EndReason.LAUNCH_FAILED, why.detail()));
        on(BrowserGone.class, (state, why) -> ending.begin(state, EndReason.BROWSER_CRASHED, why.detail()));
        on(MemoryOutgrown.class, (state, why) -> ending.begin(state, EndReason.OUT_OF_MEMORY, why.detail()));
        on(DiskOutgrown.class, (state, why) -> ending.begin(state, EndReason.DISK_FULL, why.detail()));
        on(EndRequested.class, (state, wanted) -> ending.request(state, wanted.reason()));
        on(PresenceKnown.class, (state, known) -> ending.presenceKnown(state));
        on(Commanded.class, using::commanded);
        on(ActionAnswered.class, (state, done) -> Step.to(state.with(state.use().acting(-1))));
        on(TimerFired.class, this::fired);
        on(StepDone.class, ending::done);
        on(StepFailed.class, ending::failed);
        on(PageNavigated.class, this::pageNavigated);
        on(DocumentLoaded.class, (state, loaded) -> documentLoaded(state, loaded));
        on(PageChanged.class, (state, changed) -> pageChanged(state, changed));
        on(RecordingChanged.class, (state, changed) -> Step.to(state.recording(changed.current())));
        on(ProfileChanged.class, (state, changed) -> Step.to(state.with(changed.outcome()), new SaveSoon()));
        on(ActionDone.class, this::actionDone);
        on(Updated.class, using::updated);
    }

    private <I extends SessionInput> void on(Class<I> type, BiFunction<SessionState, I, Step> transition) {
        transitions.put(type, (state, input) -> transition.apply(state, type.cast(input)));
    }

    /** The transition for one input. A session that is over does not change; it still answers commands. */
    public Step step(SessionState state, SessionInput input) {
        return state.over() && !(input instanceof Commanded)
                ? Step.to(state)
                : transitions.get(input.getClass()).apply(state, input);
    }

    private Step opened(SessionState state) {
        return Step.to(state, new SetAlarm(SessionTimer.LIFETIME, spec.expiresAt(state)), new LaunchBrowser());
    }

    private Step browserUp(SessionState state, BrowserUp input) {
        if (state.life().ending() || state.life().status() == SessionStatus.RUNNING) {
            return Step.to(state);
        }
        Step running = Step.to(
                state.with(state.life().started(input.at().wall()))
                        .with(state.use().used(input.at())),
                new TellRunning(),
                new StartRecorders(),
                new SetTimer(SessionTimer.IDLE, spec.timeouts(state).idle()),
                new SaveSoon(),
                new Publish(new SessionEvent.SessionStarted(id, input.at().wall())));
        return spec.opening().isEmpty()
                ? running
                : running.then(up -> Step.to(up.with(up.use().acting(1)), new LogFirstPage()));
    }

    private Step fired(SessionState state, TimerFired fired) {
        return switch (fired.timer()) {
            case LIFETIME -> ending.request(state, EndReason.MAX_LIFETIME);
            case IDLE -> using.idle(state, fired.at());
            case RECONNECT -> using.away(state, fired.at());
            case PRESENCE -> ending.presenceKnown(state);
            case CLOSING -> ending.late(state, fired.at());
            case KEEP_AGAIN -> ending.tryAgain(state);
        };
    }

    private Step pageNavigated(SessionState state, PageNavigated navigated) {
        NavigationEntry navigation = new NavigationEntry(
                navigated.url(),
                "",
                navigated.at(),
                Optional.of(navigated.pageId()),
                Optional.of(navigated.documentId()),
                Optional.empty(),
                Optional.empty());
        return Step.to(
                state.with(state.activity().navigated(navigated.pageId(), navigation)),
                new SaveSoon(),
                new Publish(new SessionEvent.PageNavigated(id, state.activity().navigationCount(), navigation)));
    }

    private static Step documentLoaded(SessionState state, DocumentLoaded loaded) {
        return Step.to(
                state.with(state.activity().loaded(loaded.documentId(), loaded.whole(), loaded.at())), new SaveSoon());
    }

    private static Step pageChanged(SessionState state, PageChanged changed) {
        SessionState.Activity titled = state.activity().titled(changed.pageId(), changed.url(), changed.title());
        return Step.to(
                state.with(changed.active() ? titled.at(changed.url(), changed.title()) : titled), new SaveSoon());
    }

    private Step actionDone(SessionState state, ActionDone done) {
        boolean screenshot = done.action().success() && done.action().type().equals("screenshot");
        return Step.to(
                state.with(state.activity()
                        .acted(screenshot, done.action().cost(), done.action().source())),
                new SaveSoon(),
                new Publish(new SessionEvent.ActionPerformed(id, done.offset(), done.action())));
    }
}

package dev.berth.session;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.browser.Screencast;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.loop.Scheduler;
import dev.berth.metrics.SessionCounts;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.session.machine.Moment;
import dev.berth.session.machine.SessionEffect;
import dev.berth.session.machine.SessionEffect.AskPresence;
import dev.berth.session.machine.SessionEffect.BrowserEffect;
import dev.berth.session.machine.SessionEffect.EndEffect;
import dev.berth.session.machine.SessionEffect.LaunchBrowser;
import dev.berth.session.machine.SessionEffect.LeavePlace;
import dev.berth.session.machine.SessionEffect.LogFirstPage;
import dev.berth.session.machine.SessionEffect.Publish;
import dev.berth.session.machine.SessionEffect.SaveSoon;
import dev.berth.session.machine.SessionEffect.StartRecorders;
import dev.berth.session.machine.SessionEffect.TellRunning;
import dev.berth.session.machine.SessionEffect.TimerEffect;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.ActionAnswered;
import dev.berth.session.machine.SessionInput.BrowserUp;
import dev.berth.session.machine.SessionInput.Commanded;
import dev.berth.session.machine.SessionInput.EndRequested;
import dev.berth.session.machine.SessionInput.LaunchFailed;
import dev.berth.session.machine.SessionInput.Opened;
import dev.berth.session.machine.SessionInput.PresenceKnown;
import dev.berth.session.machine.SessionInput.RecordingChanged;
import dev.berth.session.machine.SessionInput.TimerFired;
import dev.berth.session.machine.SessionMachine;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.machine.SessionState;
import dev.berth.session.machine.Step;
import dev.berth.session.record.PointedScreencast;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.SessionRecordings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Feeds inputs to a session's machine and carries out its effects. Runs on the session's context. */
final class LiveSession {
    private static final Logger log = LoggerFactory.getLogger(LiveSession.class);

    private final SessionId id;
    private final Optional<Traceparent> trace;
    private final Instant created;
    private final Scheduler scheduler;
    private final Runnable leavePlace;
    private final SessionMachine machine;
    private final SessionKeep keep;
    private final SessionRecordings recordings;
    private final SessionBrowser browser;
    private final SessionBrowserListener listener;
    private final CommandAnswers answers;
    private final SessionTimers timers;
    private final SessionEnd end;
    private final SessionCounts counts;

    private SessionState state = SessionState.NEW;

    /**
     * Must be constructed on the session's context.
     *
     * @param warm its browser, if one is ready
     * @param leavePlace is called when the session needs its place on the node no more
     */
    LiveSession(
            Vertx vertx, SessionSpec spec, SessionServices services, Optional<WarmBrowser> warm, Runnable leavePlace) {
        Context context = vertx.getOrCreateContext();
        this.id = spec.id();
        this.trace = spec.traceparent();
        this.created = spec.createdAt();
        this.scheduler = services.scheduler();
        this.counts = services.metrics().sessions();
        this.leavePlace = leavePlace;
        this.machine = new SessionMachine(spec);
        this.keep = new SessionKeep(vertx, spec, services, () -> state, this::traffic, this::allow, this::tell);
        this.recordings = recordings(spec, services);
        SessionProfile profile = new SessionProfile(context, spec, services.profiles(), this::tell);
        this.browser = new SessionBrowser(context, spec, services, warm, keep, recordings, profile);
        this.listener = new SessionBrowserListener(id, this::tell, keep);
        this.answers = new CommandAnswers(spec, scheduler, () -> state, keep, browser);
        this.end = new SessionEnd(
                context, id, trace, keep, browser, recordings, profile, listener, answers, this::tell, this::moment);
        end.over().onSuccess(over -> counts.ended(over.reason()));
        this.timers = new SessionTimers(scheduler, timer -> tell(new TimerFired(timer, moment())));
    }

    private Traffic traffic() {
        return browser.traffic();
    }

    private void allow(TrafficLeft left) {
        browser.allow(left);
    }

    /** A line of the log about the beginning or the end of a session. */
    static LoggingEventBuilder traced(LoggingEventBuilder line, Optional<Traceparent> trace) {
        return trace.map(known -> line.addKeyValue(Traceparent.HEADER, known)).orElse(line);
    }

    private SessionRecordings recordings(SessionSpec spec, SessionServices services) {
        return new SessionRecordings(
                scheduler,
                id,
                spec.options(),
                services.videos().recorders(),
                services.videos().folders(),
                keep.artifacts(),
                keep.actions(),
                () -> screencast(
                        !spec.options().pointerHidden(), services.videos().drawing()),
                current -> tell(new RecordingChanged(current)));
    }

    private Screencast screencast(boolean pointer, PointerDrawing drawing) {
        Browser up = browser.get().orElseThrow();
        return pointer ? new PointedScreencast(scheduler, up.screencast(), up.pointer(), drawing) : up.screencast();
    }

    /**
     * To be called once the session can be reached at its address.
     *
     * @param anew false where its creation was told before
     */
    void open(boolean anew) {
        if (anew) {
            keep.tell(new SessionEvent.SessionCreated(id, created));
        }
        tell(new Opened());
    }

    /** Ends the session. Completes when it is over; fails early if something that it left can't be kept yet. */
    Future<SessionOver> end(EndReason reason) {
        tell(new EndRequested(reason));
        return end.answer();
    }

    /** Completes before anyone is told that the session runs; never, if it ends earlier. */
    Future<Void> whenRunning() {
        return answers.whenRunning();
    }

    /** Completes when the session is over: everything it left is safe and its row is written. */
    Future<SessionOver> whenOver() {
        return end.over();
    }

    /** Answers a command; the failure is meant for the sender. */
    Future<? extends SessionReply> ask(SessionCommand<?> command, Envelope envelope) {
        Future<? extends SessionReply> answer = Future.failedFuture("the machine left a command unanswered");
        for (SessionEffect effect : move(new Commanded(command, moment())).effects()) {
            if (effect instanceof SessionEffect.Answer asked) {
                answer = asked.command() instanceof EndSession ? end.answer() : answers.to(asked.command());
            } else if (effect instanceof SessionEffect.Refuse refuse) {
                answer = Future.failedFuture(refuse.why());
            } else if (effect instanceof SessionEffect.Perform perform) {
                answer = act(perform.action(), envelope);
            } else if (effect instanceof SessionEffect.Steer steer) {
                answer = answers.untilEnd(browser.steer(steer.command(), envelope));
            } else {
                perform(effect);
            }
        }
        return answer;
    }

    private Future<SessionReply> act(Action<?> action, Envelope envelope) {
        keep.actions().causedBy(envelope.source());
        return answered(browser.act(action, envelope));
    }

    private Future<SessionReply> answered(Future<SessionReply> action) {
        return action.onComplete(done -> tell(new ActionAnswered()));
    }

    private Moment moment() {
        return new Moment(scheduler.now(), scheduler.nanos());
    }

    private void tell(SessionInput input) {
        move(input).effects().forEach(this::perform);
    }

    private Step move(SessionInput input) {
        Step step = machine.step(state, input);
        state = step.state();
        return step;
    }

    /**
     * An effect that throws must not keep the next ones from being carried out, above all those of the session's end.
     */
    private void perform(SessionEffect effect) {
        try {
            performOrThrow(effect);
        } catch (RuntimeException | StackOverflowError e) {
            log.error("{} could not carry out {}", id, effect, e);
        }
    }

    private void performOrThrow(SessionEffect effect) {
        if (effect instanceof TimerEffect timer) {
            timers.perform(timer);
        } else if (effect instanceof BrowserEffect onBrowser) {
            browser.perform(onBrowser);
        } else if (effect instanceof SaveSoon) {
            keep.changed();
        } else if (effect instanceof TellRunning) {
            counts.running(Duration.between(created, scheduler.now()));
            answers.tellRunning();
        } else if (effect instanceof Publish publish) {
            keep.tell(publish.event());
            if (publish.event() instanceof SessionEvent.PageNavigated) {
                answers.firstPage(Optional.empty());
            }
        } else if (effect instanceof LeavePlace) {
            leavePlace.run();
        } else if (effect instanceof LaunchBrowser) {
            launch();
        } else if (effect instanceof StartRecorders) {
            recordings.begin();
        } else if (effect instanceof LogFirstPage) {
            logFirstPage();
        } else if (effect instanceof AskPresence) {
            browser.presence().onComplete(known -> tell(new PresenceKnown()));
        } else if (effect instanceof EndEffect last) {
            end.perform(last);
        }
    }

    private void launch() {
        browser.launch(listener).onComplete(launched -> {
            if (launched.succeeded()) {
                Browser up = launched.result();
                traced(log.atInfo(), trace).log("{} is running on {}, process {}", id, up.version(), up.pid());
                tell(new BrowserUp(moment()));
            } else {
                launchFailed(launched.cause());
            }
        });
    }

    private void launchFailed(Throwable e) {
        if (!state.life().ending()) {
            traced(log.atWarn(), trace).log("{} did not start: {}", id, e.getMessage());
        }
        tell(new LaunchFailed(String.valueOf(e.getMessage())));
    }

    /** The outcome goes to the action log; the session goes on either way. */
    private void logFirstPage() {
        answered(browser.logFirstPage())
                .onSuccess(came -> answers.firstPage(Optional.empty()))
                .onFailure(e -> {
                    log.debug("{} could not open its first page: {}", id, e.getMessage());
                    answers.firstPage(Optional.of(String.valueOf(e.getMessage())));
                });
    }
}

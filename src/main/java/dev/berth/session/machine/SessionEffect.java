package dev.berth.session.machine;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionReply.SessionOver;
import java.time.Instant;
import java.util.Set;

/** An effect: work that the actor must do because of an input. */
public sealed interface SessionEffect {
    /** Effects on the session's timers. */
    sealed interface TimerEffect extends SessionEffect {}

    /** Effects on the session's browser, if it has one. */
    sealed interface BrowserEffect extends SessionEffect {}

    /** Effects of the session's end. */
    sealed interface EndEffect extends SessionEffect {}

    /** Give back the place on the node. */
    record LeavePlace() implements SessionEffect {}

    record LaunchBrowser() implements SessionEffect {}

    /** The browser is not needed any more: a launch in progress fails at once. */
    record AbortLaunch() implements BrowserEffect {}

    /** Log the outcome of the navigation that the browser was launched with. */
    record LogFirstPage() implements SessionEffect {}

    /** Set this timer, replacing one of the same kind. */
    record SetTimer(SessionTimer timer, long millis) implements TimerEffect {}

    /** Set this timer to a wall-clock time. */
    record SetAlarm(SessionTimer timer, Instant at) implements TimerEffect {}

    record CancelTimer(SessionTimer timer) implements TimerEffect {}

    record CancelAllTimers() implements TimerEffect {}

    /** Answer a command that is not an action. */
    record Answer(SessionCommand<?> command) implements SessionEffect {}

    /** Begin the recordings that the session was created with. */
    record StartRecorders() implements SessionEffect {}

    /**
     * Stop recording.
     *
     * @param failed whether what the flight recorder holds is to be kept
     * @param unwanted whether recordings are not to be kept: they were made for the case that the session fails
     */
    record StopRecorders(boolean failed, boolean unwanted) implements EndEffect {}

    /** Put an action into the queue; its outcome is the answer to the command. */
    record Perform(Action<?> action) implements SessionEffect {}

    /** Have a person's command carried out at once; its outcome is the answer. */
    record Steer(LiveCommand<?> command) implements SessionEffect {}

    record Refuse(BerthException why) implements SessionEffect {}

    /** Fail all unanswered commands. */
    record FailPending(BerthException why) implements EndEffect {}

    /** Report the number of CDP clients to the browser. */
    record TellClients(int connected) implements BrowserEffect {}

    record TellClientLeft(String clientId) implements BrowserEffect {}

    /** Leave the dialogs of these pages to CDP clients. */
    record LeaveDialogs(Set<String> pageIds) implements BrowserEffect {}

    /** Make a round trip to find out whether the browser is still there. */
    record AskPresence() implements SessionEffect {}

    /** Start a step of the end; its outcome comes back as an input. */
    record Take(ClosingStep step) implements EndEffect {}

    /** Log that a step of the end failed or timed out. */
    record GiveUp(ClosingStep step, String why) implements EndEffect {}

    /** Fail the requests for the end: something that the session left is not safe yet. */
    record TellUnsafe(String detail) implements EndEffect {}

    /** Write the session's row soon. */
    record SaveSoon() implements SessionEffect {}

    /** Publish this event once its entry is kept. */
    record Publish(SessionEvent event) implements SessionEffect {}

    /** The session runs: answer those who wait for that. */
    record TellRunning() implements SessionEffect {}

    /** The session is over since {@code endedAt}: publish that, answer those who wait for it, and undeploy. */
    record TellOver(SessionOver over, Instant endedAt) implements EndEffect {}
}

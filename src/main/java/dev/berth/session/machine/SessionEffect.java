package dev.berth.session.machine;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionReply.SessionOver;
import java.time.Instant;
import java.util.Set;

/** What is to be done because of an input. */
public sealed interface SessionEffect {
    /** What is to be done with the session's timers. */
    sealed interface TimerEffect extends SessionEffect {}

    /** What is to be told to the session's browser, where there is one. */
    sealed interface BrowserEffect extends SessionEffect {}

    /** What is to be done for the session's end. */
    sealed interface EndEffect extends SessionEffect {}

    /** Ask for a place on the node. */
    record EnterQueue() implements SessionEffect {}

    /** Give up the place, or the wait for one; repeating it is harmless. */
    record LeavePlace() implements SessionEffect {}

    record LaunchBrowser() implements SessionEffect {}

    /** The browser is not wanted any more: a launch under way fails at once. */
    record AbortLaunch() implements BrowserEffect {}

    /** Log what comes of the page that the browser began with. */
    record LogFirstPage() implements SessionEffect {}

    /** Set it, in place of the one of this kind that may be set. */
    record SetTimer(SessionTimer timer, long millis) implements TimerEffect {}

    /** Set it by the clock on the wall. */
    record SetAlarm(SessionTimer timer, Instant at) implements TimerEffect {}

    record CancelTimer(SessionTimer timer) implements TimerEffect {}

    record CancelAllTimers() implements TimerEffect {}

    /** Answer a command that changes nothing but what a client sees. */
    record Answer(SessionCommand<?> command) implements SessionEffect {}

    /** Put an action into the queue; its answer is the command's. */
    record Perform(Action<?> action) implements SessionEffect {}

    record Refuse(BerthException why) implements SessionEffect {}

    /** Fail all commands that are not answered. */
    record FailPending(BerthException why) implements EndEffect {}

    /** Tell the browser how many CDP clients there are. */
    record TellClients(int connected) implements BrowserEffect {}

    record TellClientLeft(String clientId) implements BrowserEffect {}

    /** Dialogs of these pages are CDP clients' to answer. */
    record LeaveDialogs(Set<String> pageIds) implements BrowserEffect {}

    /** Find out by a round trip whether the browser is there. */
    record AskPresence() implements SessionEffect {}

    /** Take a step of the end, and tell when it is done. */
    record Take(ClosingStep step) implements EndEffect {}

    /** A step of the end has failed, or is waited for no longer: the log is to tell why. */
    record GiveUp(ClosingStep step, String why) implements EndEffect {}

    /** Tell who waits for the end that not all that the session left is safe yet. */
    record TellUnsafe(String detail) implements EndEffect {}

    /** The row of the session is to be written, soon. */
    record SaveSoon() implements SessionEffect {}

    /** Tell who listens, once what it tells of is kept. */
    record Publish(SessionEvent event) implements SessionEffect {}

    /** It is over: tell who waits for that, and be gone. */
    record TellOver(SessionOver over) implements EndEffect {}
}

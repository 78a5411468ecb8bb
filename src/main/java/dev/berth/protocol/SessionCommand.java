package dev.berth.protocol;

import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSupport.TaskNote;

/**
 * A command to one session, on {@link Addresses#session}. Reads are answered at once, even while an action runs. Actions run
 * one after another, in order of arrival; {@link EndSession} overtakes them.
 *
 * <p>All fail with {@link ErrorCode#SESSION_NOT_FOUND} where the sender named an owner and the session is another's. Actions
 * fail with {@link ErrorCode#SESSION_NOT_RUNNING} before the session runs, {@link ErrorCode#SESSION_ENDED} once it ends,
 * {@link ErrorCode#ACTION_FAILED} where the browser could not do it, and {@link ErrorCode#TIMEOUT}.
 *
 * @param <R> its reply
 */
public sealed interface SessionCommand<R extends SessionReply>
        permits SessionCommand.Action,
                SessionCommand.DescribeSession,
                SessionCommand.AwaitRunning,
                SessionCommand.AwaitFirstPage,
                SessionCommand.ReadActions,
                SessionCommand.ReadArtifacts,
                SessionCommand.ReadLog,
                SessionCommand.ReadPages,
                SessionCommand.ReadRoutes,
                SessionCommand.ReadUsage,
                SessionCommand.CheckHealth,
                SessionCommand.CancelAction,
                SessionCommand.EndSession,
                CdpClientCommand,
                FileCommand,
                LiveCommand,
                LogCommand,
                ReportCommand,
                TaskSupport {

    /** How long the sender waits: always longer than the work may take. */
    default long deadlineMillis() {
        return 10_000;
    }

    /** A command that drives the browser, or records it. Makes one entry in the action log. */
    sealed interface Action<R extends SessionReply> extends SessionCommand<R>
            permits PageAction, ElementAction, BrowserAction, RecordingAction, TaskNote {
        /** The timeout of actions for which the sender sets none. */
        long DEFAULT_TIMEOUT_MILLIS = 30_000;

        /** Whether it acts on one page: the one that {@link SessionClient#on} names, or the active one. */
        default boolean actsOnPage() {
            return this instanceof PageAction || this instanceof ElementAction;
        }

        /** How many milliseconds the browser may take, without the time in the queue. */
        long timeout();

        /** Leaves time for the actions before it. */
        @Override
        default long deadlineMillis() {
            return timeout() + 120_000;
        }
    }

    /** Asks for the session's current state. */
    record DescribeSession() implements SessionCommand<SessionReply.SessionDescription> {}

    /**
     * Waits until the session runs, and reads it then; fails with {@link ErrorCode#SESSION_ENDED} if the session ends before, or has ended.
     * {@link SessionEvent.SessionStarted} comes later: once the history has it.
     */
    record AwaitRunning() implements SessionCommand<SessionReply.SessionDescription> {
        /** The deadline: longer than a session waits for a place and for its Chrome. */
        @Override
        public long deadlineMillis() {
            return 3_600_000;
        }
    }

    /** Waits until the page that the session was created for has come, or did not: at once where it was created for none. */
    record AwaitFirstPage() implements SessionCommand<SessionReply.FirstPage> {}

    /**
     * Reads the action log, oldest first.
     *
     * @param offset how many to skip
     * @param limit how many at most
     */
    record ReadActions(long offset, int limit) implements SessionCommand<SessionReply.ActionSlice> {
        public ReadActions {
            Require.range(offset, limit);
        }
    }

    /** Reads the list of the session's artifacts, oldest first. */
    record ReadArtifacts() implements SessionCommand<SessionReply.ArtifactList> {}

    /**
     * Reads a log: console lines, oldest first, network requests in the order in which they finished, or bodies of responses, by {@link
     * KeptBody#offset}. Lines that the session has not shipped yet are in the reply, which {@link LogLines#as} parses.
     *
     * @param offset how many to skip
     * @param limit how many at most
     */
    record ReadLog(LogKind log, long offset, int limit) implements SessionCommand<SessionReply.LogTail> {
        public ReadLog {
            Require.present("log", log);
            Require.range(offset, limit);
        }
    }

    /** Reads the list of the open pages. Fails, as actions do, where the session does not run. */
    record ReadPages() implements SessionCommand<SessionReply.PageList> {}

    /** Reads the rules for requests. Fails, as actions do, where the session does not run. */
    record ReadRoutes() implements SessionCommand<SessionReply.RouteList> {}

    /** Reads what the session's Chrome has used so far. */
    record ReadUsage() implements SessionCommand<SessionReply.UsageList> {}

    /** Makes a round trip to the page. */
    record CheckHealth() implements SessionCommand<SessionReply.HealthReport> {}

    /**
     * Cancels the actions that were sent under this name ({@link SessionClient#calling}): those that wait are never done, one that runs
     * is given up, in the browser too, as far as that is possible. They fail with {@link ErrorCode#ACTION_FAILED}. Replied to at once,
     * whether there are any or not.
     */
    record CancelAction(String call) implements SessionCommand<SessionReply.Acknowledged> {
        public CancelAction {
            Require.id("call", call);
        }
    }

    /**
     * Ends the session. Replied to once Chrome is gone and everything it left is stored safely. May be repeated.
     *
     * @param reason why it ends
     */
    record EndSession(EndReason reason) implements SessionCommand<SessionReply.SessionOver> {
        public EndSession {
            Require.present("reason", reason);
        }

        @Override
        public long deadlineMillis() {
            return 95_000;
        }
    }
}

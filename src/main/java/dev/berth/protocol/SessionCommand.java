package dev.berth.protocol;

/**
 * A request to one session, on {@link Addresses#session}. Reads are answered at once, also while an action runs; actions
 * run one after another, in the order in which they came; {@link EndSession} overtakes all.
 *
 * <p>All fail with {@link ErrorCode#SESSION_NOT_FOUND} where the sender named an owner and it is another's; actions fail
 * with {@link ErrorCode#SESSION_NOT_RUNNING} before the session runs, {@link ErrorCode#SESSION_ENDED} once it ends,
 * {@link ErrorCode#ACTION_FAILED} where the browser could not do it, and {@link ErrorCode#TIMEOUT}.
 *
 * @param <R> its reply
 */
public sealed interface SessionCommand<R extends SessionReply>
        permits SessionCommand.Action,
                SessionCommand.DescribeSession,
                SessionCommand.ReadActions,
                SessionCommand.ReadArtifacts,
                SessionCommand.ReadConsole,
                SessionCommand.ReadNetwork,
                SessionCommand.CheckHealth,
                SessionCommand.EndSession,
                CdpClientCommand,
                LogCommand {

    /** How long the sender waits at the most: always longer than the work that it asks for. */
    default long deadlineMillis() {
        return 10_000;
    }

    /** A command that drives the browser: one entry in the action log. */
    sealed interface Action<R extends SessionReply> extends SessionCommand<R> permits PageAction, ElementAction {
        /** How long the browser may take, queueing excluded. */
        long timeoutMillis();

        /** Room for the actions before it. */
        @Override
        default long deadlineMillis() {
            return timeoutMillis() + 120_000;
        }
    }

    /** The session as it is. */
    record DescribeSession() implements SessionCommand<SessionReply.SessionSnapshot> {}

    /**
     * The action log, oldest first.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadActions(long offset, int limit) implements SessionCommand<SessionReply.ActionPage> {
        public ReadActions {
            Require.range(offset, limit);
        }
    }

    /** The files that it has left so far, oldest first. */
    record ReadArtifacts() implements SessionCommand<SessionReply.ArtifactList> {}

    /**
     * Console lines, oldest first: see {@link SessionReply.ConsoleTail}.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadConsole(long offset, int limit) implements SessionCommand<SessionReply.ConsoleTail> {
        public ReadConsole {
            Require.range(offset, limit);
        }
    }

    /**
     * Network requests, in the order in which they finished: see {@link SessionReply.NetworkTail}.
     *
     * @param offset how many to pass over
     * @param limit how many at the most
     */
    record ReadNetwork(long offset, int limit) implements SessionCommand<SessionReply.NetworkTail> {
        public ReadNetwork {
            Require.range(offset, limit);
        }
    }

    /** A round trip to the page. */
    record CheckHealth() implements SessionCommand<SessionReply.HealthReport> {}

    /**
     * Ends the session: replied to once Chrome is gone and everything it left is safe. Repeating it is harmless.
     *
     * @param reason why
     */
    record EndSession(EndReason reason) implements SessionCommand<SessionReply.SessionOver> {
        public EndSession {
            Require.present("reason", reason);
        }

        @Override
        public long deadlineMillis() {
            return 60_000;
        }
    }
}

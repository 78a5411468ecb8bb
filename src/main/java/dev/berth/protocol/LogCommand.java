package dev.berth.protocol;

import java.util.ArrayList;
import java.util.Set;

/**
 * What follows the logs of a session.
 *
 * @param <R> its reply
 */
public sealed interface LogCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * From now on {@link SessionEvent.LogAppended} is requested of {@link Addresses#follower}, one at a time: the next one when that
     * before has been answered, at once with all that came meanwhile. Entries that came too fast are left out, and can be read by
     * their offsets. Holds for {@value #LEASE_MILLIS} ms; the same command again renews it. Fails with
     * {@link ErrorCode#LIMIT_REACHED} where too many follow.
     *
     * @param followerId chosen by the caller
     */
    record FollowLogs(String followerId, Set<LogKind> logs) implements LogCommand<SessionReply.LogsFollowed> {
        public static final long LEASE_MILLIS = 15_000;

        public FollowLogs {
            Require.id("followerId", followerId);
            logs = Set.copyOf(Require.elements(
                    "logs", new ArrayList<>(Require.present("logs", logs)), 1, LogKind.values().length));
        }
    }

    /** Does not follow any more. */
    record UnfollowLogs(String followerId) implements LogCommand<SessionReply.Acknowledged> {
        public UnfollowLogs {
            Require.id("followerId", followerId);
        }
    }
}

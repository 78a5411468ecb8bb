package dev.berth.protocol;

import java.util.ArrayList;
import java.util.Set;

/**
 * Commands to follow the logs of a session.
 *
 * @param <R> its reply
 */
public sealed interface LogCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * Subscribes to entries of logs. {@link SessionEvent.LogAppended} is then requested of {@link Addresses#follower}, one at a
     * time: the next one, with all entries that came meanwhile, as soon as the one before is answered. Entries that come too
     * fast are left out, and can be read by their offsets. Valid for {@value #LEASE_MILLIS} ms; repeating the command renews
     * it. Fails with {@link ErrorCode#LIMIT_REACHED} where the session has too many followers.
     *
     * @param followerId chosen by the caller
     */
    record FollowLogs(String followerId, Set<LogKind> logs) implements LogCommand<SessionReply.LogsFollowed> {
        public static final long LEASE_MILLIS = 15_000;

        public FollowLogs {
            Require.id("followerId", followerId);
            logs = Set.copyOf(Require.elements(
                    "logs", new ArrayList<>(Require.present("logs", logs)), 1, LogKind.values().length));
            if (!LogKind.FOLLOWED.containsAll(logs)) {
                throw BerthException.invalid("logs: bodies can't be streamed");
            }
        }
    }

    /** Ends the subscription. */
    record UnfollowLogs(String followerId) implements LogCommand<SessionReply.Acknowledged> {
        public UnfollowLogs {
            Require.id("followerId", followerId);
        }
    }
}

package dev.berth.protocol;

import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.UsageSample.Traffic;
import java.time.Instant;

/**
 * An entry of a session's story. Each has an offset within its kind, by which it can always be read; offsets of a kind
 * increase, with gaps. An event is published once its entry is stored. So a reader that subscribes, then reads the history from
 * its {@link StoryCursor} on, and skips events that the cursor is past, misses none and gets none twice.
 *
 * <p>Published on {@link Addresses#events}, the lifecycle also on {@link Addresses#SESSIONS}; {@link LogAppended} only to
 * followers.
 */
public sealed interface SessionEvent {
    SessionId sessionId();

    StoryKind kind();

    /** The offset of the entry within its kind; for {@link LogAppended} that of its first entry. */
    long offset();

    /** When it happened; for {@link LogAppended} its first entry. */
    Instant timestamp();

    /** An event about the session itself: an entry of the kind {@link StoryKind#STATUS} or {@link StoryKind#UPDATE}. */
    sealed interface Lifecycle extends SessionEvent {
        @Override
        default StoryKind kind() {
            return StoryKind.STATUS;
        }
    }

    /** The session has a row, and waits for its Chrome. */
    record SessionCreated(SessionId sessionId, Instant timestamp) implements Lifecycle {
        @Override
        public long offset() {
            return 0;
        }
    }

    /** The session's Chrome is up. */
    record SessionStarted(SessionId sessionId, Instant timestamp) implements Lifecycle {
        @Override
        public long offset() {
            return 1;
        }
    }

    /**
     * The session has ended: Chrome is gone and its logs are stored. A session that never started has the same offset here.
     *
     * <p>Told once by the session's node. Where that node could not be heard, another one tells of {@link EndReason#NODE_LOST} as well,
     * or instead; if the node comes back with the true end, as one that it told a client of while it did not reach Postgres, the
     * history has that from then on. So a consumer may hear of two ends; {@link SessionClient#describe(SessionId)} has the last word.
     *
     * @param traffic of its Chrome, as far as it is known where its node was lost; a node that runs an earlier version tells none
     */
    record SessionEnded(SessionId sessionId, SessionStatus status, EndReason reason, Instant timestamp, Traffic traffic)
            implements Lifecycle {
        public SessionEnded {
            traffic = traffic == null ? Traffic.NONE : traffic;
        }

        @Override
        public long offset() {
            return 2;
        }
    }

    /**
     * A client has changed what it says of the session. Of several changes, the story has the latest; a session that has ended changes,
     * too.
     *
     * @param labels all of them, as they are now
     */
    record SessionUpdated(SessionId sessionId, long offset, SessionLabels labels, Instant timestamp)
            implements Lifecycle {
        @Override
        public StoryKind kind() {
            return StoryKind.UPDATE;
        }
    }

    /** A client has reported a step of its work. */
    record StepReported(SessionId sessionId, long offset, StepEntry step) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.STEP;
        }

        @Override
        public Instant timestamp() {
            return step.startedAt();
        }
    }

    /** A top-level page has committed a document. */
    record PageNavigated(SessionId sessionId, long offset, NavigationEntry navigation) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.NAVIGATION;
        }

        @Override
        public Instant timestamp() {
            return navigation.timestamp();
        }
    }

    /** An action has finished and is in the action log. */
    record ActionPerformed(SessionId sessionId, long offset, ActionEntry action) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.ACTION;
        }

        @Override
        public Instant timestamp() {
            return action.timestamp();
        }
    }

    /** An artifact is listed as {@code pending}, and once more as {@code stored} or {@code lost}; each is an entry of its own. */
    record ArtifactKept(SessionId sessionId, long offset, ArtifactEntry artifact) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.ARTIFACT;
        }

        @Override
        public Instant timestamp() {
            return artifact.timestamp();
        }
    }

    /**
     * A log has more entries. Sent to followers only: see {@link LogCommand.FollowLogs}.
     *
     * @param offset of the first of {@code lines}; entries between the last event and this one were left out, and can be read
     * by their offsets
     */
    record LogAppended(SessionId sessionId, LogKind log, long offset, LogLines lines) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return log == LogKind.CONSOLE ? StoryKind.CONSOLE : StoryKind.NETWORK;
        }

        @Override
        public Instant timestamp() {
            return lines.timestamp(0);
        }

        /** The entries from {@code next} on, which is one of them. */
        public LogAppended from(long next) {
            return next == offset
                    ? this
                    : new LogAppended(sessionId, log, next, lines.from(Math.toIntExact(next - offset)));
        }
    }
}

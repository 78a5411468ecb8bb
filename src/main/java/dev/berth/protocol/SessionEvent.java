package dev.berth.protocol;

import java.time.Instant;

/**
 * An entry of a session's story. Each has an offset within its kind, by which it can be read for ever; offsets of a kind grow, and
 * some may be missing. An event is published when its entry is kept, not before: who subscribes, then reads the history from a
 * {@link StoryCursor} on, and passes over what the cursor is past, misses nothing and hears nothing twice.
 *
 * <p>Published on {@link Addresses#events}, the lifecycle also on {@link Addresses#SESSIONS}; {@link LogAppended} only to followers.
 */
public sealed interface SessionEvent {
    SessionId sessionId();

    StoryKind kind();

    /** Of the entry within its kind; of {@link LogAppended} that of its first entry. */
    long offset();

    /** One of the three entries of the kind {@link StoryKind#STATUS}. */
    sealed interface Lifecycle extends SessionEvent {
        @Override
        default StoryKind kind() {
            return StoryKind.STATUS;
        }
    }

    /** It has a row, and waits for its Chrome. */
    record SessionCreated(SessionId sessionId, Instant timestamp) implements Lifecycle {
        @Override
        public long offset() {
            return 0;
        }
    }

    /** Its Chrome is up. */
    record SessionStarted(SessionId sessionId, Instant timestamp) implements Lifecycle {
        @Override
        public long offset() {
            return 1;
        }
    }

    /** It is over: Chrome is gone and its logs are safe. Its offset is the same for one that never started. */
    record SessionEnded(SessionId sessionId, SessionStatus status, EndReason reason, Instant timestamp)
            implements Lifecycle {
        @Override
        public long offset() {
            return 2;
        }
    }

    /** A top-level page has committed a document. */
    record PageNavigated(SessionId sessionId, long offset, NavigationEntry navigation) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.NAVIGATION;
        }
    }

    /** An action is over and in the log. */
    record ActionPerformed(SessionId sessionId, long offset, ActionEntry action) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.ACTION;
        }
    }

    /** An artifact is listed, while it is {@code pending}, and once more when it is {@code stored}; each is an entry of its own. */
    record ArtifactKept(SessionId sessionId, long offset, ArtifactEntry artifact) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return StoryKind.ARTIFACT;
        }
    }

    /**
     * A log has more entries, which is told to followers only: see {@link LogCommand.FollowLogs}.
     *
     * @param offset of the first of {@code lines}; entries between those of the event before and these were not sent, and are to be
     *     read by their offsets
     */
    record LogAppended(SessionId sessionId, LogKind log, long offset, LogLines lines) implements SessionEvent {
        @Override
        public StoryKind kind() {
            return log == LogKind.CONSOLE ? StoryKind.CONSOLE : StoryKind.NETWORK;
        }
    }
}

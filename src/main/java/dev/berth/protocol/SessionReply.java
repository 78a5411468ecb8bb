package dev.berth.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a session replies to a {@link SessionCommand}. */
public sealed interface SessionReply
        permits SessionReply.SessionSnapshot,
                SessionReply.ActionPage,
                SessionReply.ArtifactList,
                SessionReply.ConsoleTail,
                SessionReply.NetworkTail,
                SessionReply.LogsFollowed,
                SessionReply.HealthReport,
                SessionReply.SessionOver,
                SessionReply.CdpEndpoint,
                SessionReply.Acknowledged,
                ActionReply {

    /**
     * A session as it is, or as it was when it ended.
     *
     * @param queuePosition how many places must become free before it gets one; absent where it waits for none
     * @param currentUrl of the active page
     * @param startedAt when its Chrome was up
     * @param endReason why it ended, or is about to end: it is there as soon as it ends, while status is still what it was
     * @param endDetail what more is known of the end: Chrome's own words where it failed
     * @param expiresAt when its lifetime ends
     * @param duration milliseconds from start to end, or to now
     * @param navigations the latest {@value #MAX_NAVIGATIONS}, oldest first; navigationCount tells how many there were
     */
    record SessionSnapshot(
            SessionId sessionId,
            SessionStatus status,
            Optional<Integer> queuePosition,
            String currentUrl,
            String title,
            Instant createdAt,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            Optional<EndReason> endReason,
            Optional<String> endDetail,
            Instant expiresAt,
            String machineId,
            long actionCount,
            long screenshotCount,
            long navigationCount,
            long duration,
            List<NavigationEntry> navigations,
            SessionOptions options,
            Map<String, String> metadata,
            Cost cost)
            implements SessionReply {
        /** How many navigations a snapshot lists. */
        public static final int MAX_NAVIGATIONS = 100;

        public SessionSnapshot {
            currentUrl = UrlCredentials.redact(currentUrl);
            title = UrlCredentials.redact(title);
            navigations = List.copyOf(navigations);
            metadata = Map.copyOf(metadata);
        }

        /** Why it does not answer: it ended; or it is about to listen, or its node is lost. */
        public BerthException absence() {
            return endReason
                    .map(EndReason::refusal)
                    .orElseGet(() -> new BerthException(ErrorCode.NOT_READY, "the session's node does not answer"));
        }
    }

    /**
     * Part of the action log.
     *
     * @param total how many actions there are
     * @param complete false where the session no longer holds all that was asked for: the history has them
     */
    record ActionPage(List<ActionEntry> actions, long total, boolean complete) implements SessionReply {
        public ActionPage {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Files that a session left.
     *
     * @param complete false where the session no longer holds them all: the history has them
     */
    record ArtifactList(List<ArtifactEntry> artifacts, boolean complete) implements SessionReply {
        public ArtifactList {
            artifacts = List.copyOf(artifacts);
        }
    }

    /**
     * Where console lines are. Sealed chunks are in the object store.
     *
     * @param total how many lines there are
     * @param chunks the sealed chunks, oldest first, that overlap what was asked for
     * @param firstOffset the offset of the first of {@code lines}
     * @param lines those that are not sealed yet, within what was asked for: the first of them, where all are more than
     *     {@value #MAX_TAIL_BYTES} bytes
     */
    record ConsoleTail(long total, List<LogChunk> chunks, long firstOffset, LogLines lines) implements SessionReply {
        public ConsoleTail {
            chunks = List.copyOf(chunks);
        }

        public List<ConsoleEntry> entries() {
            return lines.as(ConsoleEntry.class);
        }
    }

    /** Where network requests are: as {@link ConsoleTail}. */
    record NetworkTail(long total, List<LogChunk> chunks, long firstOffset, LogLines lines) implements SessionReply {
        public NetworkTail {
            chunks = List.copyOf(chunks);
        }

        public List<NetworkEntry> entries() {
            return lines.as(NetworkEntry.class);
        }
    }

    /** The offset of the first entry that is sent, of each log that is followed. */
    record LogsFollowed(Map<LogKind, Long> next) implements SessionReply {
        public LogsFollowed {
            next = Map.copyOf(next);
        }
    }

    /** A tail has not many more bytes of entries: bulk does not travel on the bus. */
    int MAX_TAIL_BYTES = 1 << 20;

    /**
     * What a round trip to the page showed.
     *
     * @param status healthy, degraded (Chrome answers, its page does not) or unhealthy
     * @param browserResponsive whether Chrome itself answered
     * @param uptimeMs milliseconds since its Chrome was up; 0 before
     * @param reason why it is not healthy
     */
    record HealthReport(
            Health status,
            SessionStatus sessionState,
            boolean browserResponsive,
            String currentUrl,
            long uptimeMs,
            Optional<String> reason)
            implements SessionReply {
        public HealthReport {
            currentUrl = UrlCredentials.redact(currentUrl);
        }
    }

    /** The session has ended. */
    record SessionOver(SessionStatus status, EndReason reason) implements SessionReply {}

    /**
     * What a CDP client of a session is joined with; only on the session's own node.
     *
     * @param chrome names the session's Chrome among those of the node
     * @param downloadDir where a client's downloads go; empty where they are not redirected
     * @param uploadDir the one folder whose files a client may hand to a page; empty where there is none
     * @param userId whose session it is; empty where that is not known
     */
    record CdpEndpoint(String chrome, Optional<String> downloadDir, Optional<String> uploadDir, Optional<Long> userId)
            implements SessionReply {
        public CdpEndpoint(String chrome, Optional<String> downloadDir, Optional<String> uploadDir) {
            this(chrome, downloadDir, uploadDir, Optional.empty());
        }

        public CdpEndpoint of(long user) {
            return new CdpEndpoint(chrome, downloadDir, uploadDir, Optional.of(user));
        }
    }

    /** It is done, and there is nothing to tell. */
    record Acknowledged() implements SessionReply {}
}

package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionStatus.Health;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reply of a session to a {@link SessionCommand}. */
public sealed interface SessionReply
        permits SessionReply.SessionDescription,
                SessionReply.FirstPage,
                SessionReply.ActionSlice,
                SessionReply.ArtifactList,
                SessionReply.LogTail,
                SessionReply.PageList,
                SessionReply.RouteList,
                SessionReply.UsageList,
                SessionReply.LogsFollowed,
                SessionReply.HealthReport,
                SessionReply.SessionOver,
                SessionReply.CdpEndpoint,
                SessionReply.FilePlace,
                SessionReply.NamedFile,
                SessionReply.NamedFiles,
                SessionReply.Acknowledged,
                SessionReply.CopiedText,
                SessionReply.PageMenu,
                SessionReply.HandsRest,
                SessionReply.ElementNames,
                ReportCommand.StepsAdded,
                ActionReply {

    /**
     * The current state of a session, or its last one.
     *
     * @param queuePosition how many places must become free before it gets one; empty where it waits for none
     * @param currentUrl of the active page
     * @param startedAt when its Chrome was up
     * @param endReason why it ended or is ending: set as soon as the end begins, while status is unchanged
     * @param endDetail more about the end, such as Chrome's own message where it failed
     * @param expiresAt when its lifetime ends
     * @param duration milliseconds from its start to its end, or to now
     * @param navigations the latest {@value #MAX_NAVIGATIONS}, oldest first; navigationCount counts all
     * @param recording the recording that is running
     * @param traceparent of the request that created it
     * @param traffic of its Chrome; a node that runs an earlier version tells none
     * @param storedBytes files and logs that are kept
     * @param profile the outcome for the profile of the session's options
     * @param name and the two after it: see {@link SessionLabels}
     * @param errors a node that runs an earlier version tells none
     * @param drivers the sources of its actions, in the order of their first actions; a node that runs an earlier version tells none
     */
    record SessionDescription(
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
            Cost cost,
            Optional<RecordingInProgress> recording,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Traceparent> traceparent,
            Traffic traffic,
            long storedBytes,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ProfileOutcome> profile,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> name,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Outcome> outcome,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> outcomeReason,
            ErrorCounts errors,
            List<ActionSource> drivers)
            implements SessionReply {
        /** How many navigations are listed. */
        public static final int MAX_NAVIGATIONS = 100;

        public SessionDescription {
            startedAt = startedAt.map(Require::kept);
            endedAt = endedAt.map(Require::kept);
            currentUrl = UrlCredentials.redact(currentUrl);
            title = UrlCredentials.redact(title);
            navigations = List.copyOf(navigations);
            metadata = Map.copyOf(metadata);
            traffic = traffic == null ? Traffic.NONE : traffic;
            errors = errors == null ? ErrorCounts.NONE : errors;
            drivers = drivers == null ? List.of() : List.copyOf(drivers);
        }

        public SessionLabels labels() {
            return new SessionLabels(name, outcome, outcomeReason, metadata);
        }

        /** The error for a session that does not answer: it ended, or is about to start, or its node is lost. */
        public BerthException absence() {
            return endReason
                    .map(EndReason::refusal)
                    .orElseGet(() -> new BerthException(ErrorCode.NOT_READY, "the session's node does not answer"));
        }
    }

    /**
     * The page that a session was created for.
     *
     * @param error why it did not come
     */
    record FirstPage(Optional<String> error) implements SessionReply {
        public FirstPage {
            error = error.map(UrlCredentials::redact);
        }
    }

    /**
     * A part of the action log.
     *
     * @param total the number of all actions
     * @param complete false where the session no longer holds everything that was asked for; the history does
     */
    record ActionSlice(List<ActionEntry> actions, long total, boolean complete) implements SessionReply {
        public ActionSlice {
            actions = List.copyOf(actions);
        }
    }

    /**
     * The artifacts of a session.
     *
     * @param complete false where the session no longer holds all; the history does
     */
    record ArtifactList(List<ArtifactEntry> artifacts, boolean complete) implements SessionReply {
        public ArtifactList {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** The open pages, in the order in which they were opened. */
    record PageList(List<PageEntry> pages) implements SessionReply {
        public PageList {
            pages = List.copyOf(pages);
        }
    }

    /** The rules for requests, in the order in which they are tried. */
    record RouteList(List<RouteEntry> routes) implements SessionReply {
        public RouteList {
            routes = List.copyOf(routes);
        }
    }

    /**
     * The places of the entries of a range of a log.
     *
     * @param total how many entries the log has
     * @param chunks the parts in the object store that overlap the range, oldest first
     * @param firstOffset the offset of the first of {@code lines}
     * @param lines lines of the range that are in no part; only the first lines where all exceed about {@value #MAX_TAIL_BYTES}
     *     bytes
     */
    record LogTail(long total, List<LogChunk> chunks, long firstOffset, LogLines lines) implements SessionReply {
        /** The tail of a log without entries. */
        public static final LogTail NONE = new LogTail(0, List.of(), 0, LogLines.NONE);

        public LogTail {
            chunks = List.copyOf(chunks);
        }
    }

    /** The usage of the session's Chrome, oldest first; the longer it runs, the more time each sample stands for. */
    record UsageList(List<UsageSample> samples) implements SessionReply {
        public UsageList {
            samples = List.copyOf(samples);
        }
    }

    /** For each log that is followed, the offset of the first entry that is delivered. */
    record LogsFollowed(Map<LogKind, Long> next) implements SessionReply {
        public LogsFollowed {
            next = Map.copyOf(next);
        }
    }

    /** The approximate limit of a tail: the bus carries no bulk data. */
    int MAX_TAIL_BYTES = 1 << 20;

    /**
     * The result of a round trip to the page.
     *
     * @param status healthy, degraded (Chrome responds, its page does not) or unhealthy
     * @param browserResponsive whether Chrome itself responded
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
     * The facts that a CDP client needs to join a session; valid on the session's own node only.
     *
     * @param chrome names the session's Chrome among those of the node
     * @param downloadDir where a client's downloads go; empty where they are not redirected
     * @param uploadDir the only folder whose files a client may give to a page; empty where there is none
     * @param userId the session's owner; empty where it is not known
     * @param extensions whose pages a client may open
     */
    record CdpEndpoint(
            String chrome,
            Optional<String> downloadDir,
            Optional<String> uploadDir,
            Optional<Long> userId,
            ExtensionOrigins extensions)
            implements SessionReply {
        public CdpEndpoint {
            extensions = extensions == null ? ExtensionOrigins.NONE : extensions;
        }

        public CdpEndpoint(
                String chrome, Optional<String> downloadDir, Optional<String> uploadDir, ExtensionOrigins extensions) {
            this(chrome, downloadDir, uploadDir, Optional.empty(), extensions);
        }

        public CdpEndpoint(String chrome, Optional<String> downloadDir, Optional<String> uploadDir) {
            this(chrome, downloadDir, uploadDir, ExtensionOrigins.NONE);
        }

        public CdpEndpoint of(long user) {
            return new CdpEndpoint(chrome, downloadDir, uploadDir, Optional.of(user), extensions);
        }
    }

    /**
     * The place where the bytes of a file are to be written, on the session's own node only.
     *
     * @param path of a file that is there
     * @param maxBytes how many may be written
     */
    record FilePlace(String path, long maxBytes) implements SessionReply {}

    /**
     * A file that a client gives to the session by name, or that was downloaded and is on the session's disk again.
     *
     * @param received bytes that are there
     * @param total size of the whole file; empty where it is not known
     * @param path where pages can be given it from; empty where it is not complete
     * @param artifact as which it is kept; empty where it is not complete
     */
    record NamedFile(
            String name, long received, Optional<Long> total, Optional<String> path, Optional<ArtifactEntry> artifact)
            implements SessionReply {}

    /** The files on a session's disk, in the order of their beginning. */
    record NamedFiles(List<NamedFile> files) implements SessionReply {
        public NamedFiles {
            files = List.copyOf(files);
        }
    }

    /** The text that is selected on a page; cut where it is very long. */
    record CopiedText(String text) implements SessionReply {}

    /**
     * A menu of the browser, which is in no picture.
     *
     * @param editable whether it is that of a field for text
     * @param selected whether there is text to copy
     */
    record PageMenu(boolean open, boolean editable, boolean selected) implements SessionReply {}

    /**
     * Whether people rest in the live view.
     *
     * @param resting false where one still acted when the time was over
     * @param acts how often people have acted since the session began
     */
    record HandsRest(boolean resting, long acts) implements SessionReply {}

    /**
     * Selectors that stand for one element only, the best first: by test id, role and name, label, placeholder, or attributes; by its
     * position where there is nothing else. Empty where not even that tells it from others.
     */
    record ElementNames(List<String> selectors) implements SessionReply {
        public ElementNames {
            selectors = List.copyOf(selectors);
        }
    }

    /** The command was carried out, without a result. */
    record Acknowledged() implements SessionReply {}
}

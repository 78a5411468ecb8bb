package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.UsageSample.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A session in a list. For the fields see {@link SessionReply.SessionDescription}. */
public record SessionSummary(
        SessionId sessionId,
        SessionStatus status,
        String currentUrl,
        String title,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<EndReason> endReason,
        Instant expiresAt,
        String machineId,
        long actionCount,
        long screenshotCount,
        long navigationCount,
        long duration,
        Map<String, String> metadata,
        Traffic traffic,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ProfileOutcome> profile,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> name,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Outcome> outcome,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> outcomeReason,
        ErrorCounts errors,
        List<ActionSource> drivers) {
    public SessionSummary {
        errors = errors == null ? ErrorCounts.NONE : errors;
        drivers = drivers == null ? List.of() : List.copyOf(drivers);
    }

    /**
     * How much went wrong in a session, as far as Berth saw it.
     *
     * @param actions that failed
     * @param console lines of the level {@code error}
     * @param requests without a response, or with a status from 400 on
     */
    public record ErrorCounts(long actions, long console, long requests) {
        public static final ErrorCounts NONE = new ErrorCounts(0, 0, 0);
    }
}

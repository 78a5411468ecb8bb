package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.UsageSample.Traffic;
import java.time.Instant;
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
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ProfileOutcome> profile) {}

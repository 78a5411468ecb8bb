package dev.berth.session.machine;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.ProfileOutcome;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.Traffic;
import dev.berth.protocol.WaitUntil;
import dev.berth.session.machine.SessionState.Activity;
import dev.berth.session.machine.SessionState.Life;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything about a session that is fixed at its creation.
 *
 * @param pricePerHour US dollars per hour of browser time
 * @param source who created the session
 * @param traceparent of the request for it
 */
public record SessionSpec(
        SessionId id,
        long userId,
        String machineId,
        Optional<InitialPrompt> initialPrompt,
        SessionOptions options,
        Map<String, String> metadata,
        Instant createdAt,
        Instant expiresAt,
        double pricePerHour,
        ActionSource source,
        Optional<Traceparent> traceparent) {

    private static final int OPENING_MILLIS = 60_000;
    private static final double HOUR_MILLIS = 3_600_000;

    /** One that is in no trace. */
    public SessionSpec(
            SessionId id,
            long userId,
            String machineId,
            Optional<InitialPrompt> initialPrompt,
            SessionOptions options,
            Map<String, String> metadata,
            Instant createdAt,
            Instant expiresAt,
            double pricePerHour,
            ActionSource source) {
        this(
                id,
                userId,
                machineId,
                initialPrompt,
                options,
                metadata,
                createdAt,
                expiresAt,
                pricePerHour,
                source,
                Optional.empty());
    }

    /** The spec of a session that {@code request} asks for and that is claimed as {@code accepted}. */
    public static SessionSpec of(
            CreateSession request,
            Optional<InitialPrompt> prompt,
            SessionAccepted accepted,
            double pricePerHour,
            ActionSource source) {
        return new SessionSpec(
                request.sessionId(),
                request.userId(),
                accepted.machineId(),
                prompt,
                request.options(),
                request.metadata(),
                accepted.createdAt(),
                accepted.expiresAt(),
                pricePerHour,
                source,
                request.traceparent());
    }

    /** The session's first action, if it was created for a page: the navigation to it. */
    public Optional<Navigate> opening() {
        return initialPrompt
                .filter(InitialPrompt.StartUrl.class::isInstance)
                .map(prompt -> new Navigate(((InitialPrompt.StartUrl) prompt).url(), WaitUntil.LOAD, OPENING_MILLIS));
    }

    /** The envelope of the actions that the session was created for. */
    public Envelope envelope() {
        return new Envelope(OptionalLong.of(userId), source, Cost.NONE);
    }

    /**
     * The session as the API shows it.
     *
     * @param storedBytes what is kept of it
     */
    public SessionDescription describe(SessionState state, Instant now, Traffic traffic, long storedBytes) {
        Life life = state.life();
        Activity activity = state.activity();
        Instant end = life.endedAt().orElse(now);
        // The clock may have been set back since the start.
        long duration = life.startedAt()
                .map(start -> Math.max(0, Duration.between(start, end).toMillis()))
                .orElse(0L);
        return new SessionDescription(
                id,
                life.status(),
                Optional.empty(),
                activity.currentUrl(),
                activity.title(),
                createdAt,
                life.startedAt(),
                life.endedAt(),
                life.endReason(),
                life.endDetail(),
                expiresAt,
                machineId,
                activity.actionCount(),
                activity.screenshotCount(),
                activity.navigationCount(),
                duration,
                activity.navigations().stream()
                        .map(SessionState.PageNavigation::entry)
                        .toList(),
                options.redacted(),
                metadata,
                activity.spent().plus(new Cost(duration / HOUR_MILLIS * pricePerHour, 0, 0)),
                state.recording(),
                traceparent,
                traffic,
                storedBytes,
                state.profile().or(() -> options.profile().map(ProfileOutcome::of)));
    }
}

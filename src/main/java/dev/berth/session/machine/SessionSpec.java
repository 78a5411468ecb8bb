package dev.berth.session.machine;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.UsageSample.Traffic;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.session.machine.SessionState.Activity;
import dev.berth.session.machine.SessionState.Changed;
import dev.berth.session.machine.SessionState.Life;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything about a session that is fixed at its creation.
 *
 * @param request what the session was asked for with
 * @param accepted as it was answered: where the session is, and its times
 * @param source who created the session
 * @param pricePerHour US dollars per hour of browser time
 */
public record SessionSpec(CreateSession request, SessionAccepted accepted, ActionSource source, double pricePerHour) {
    private static final int OPENING_MILLIS = 60_000;
    private static final double HOUR_MILLIS = 3_600_000;

    public SessionId id() {
        return request.sessionId();
    }

    public long userId() {
        return request.userId();
    }

    public SessionOptions options() {
        return request.options();
    }

    public Instant createdAt() {
        return accepted.createdAt();
    }

    /** When the lifetime ends, by the timeouts that hold now. */
    public Instant expiresAt(SessionState state) {
        return state.changed().map(Changed::expiresAt).orElseGet(accepted::expiresAt);
    }

    /** The timeouts that hold now. */
    public SessionTimeouts timeouts(SessionState state) {
        return state.changed().map(Changed::timeouts).orElseGet(() -> options().timeouts());
    }

    /** The session's name, outcome and labels, as its client last reported them. */
    public SessionLabels labels(SessionState state) {
        return state.changed()
                .map(Changed::labels)
                .orElseGet(() ->
                        new SessionLabels(request.name(), Optional.empty(), Optional.empty(), request.metadata()));
    }

    /** The trace context of the request for the session. */
    public Optional<Traceparent> traceparent() {
        return request.traceparent();
    }

    /** The session's first action, if it was created for a page: the navigation to it. */
    public Optional<Navigate> opening() {
        return request.initialPrompt()
                .map(InitialPrompt::parse)
                .filter(InitialPrompt.StartUrl.class::isInstance)
                .map(prompt -> new Navigate(((InitialPrompt.StartUrl) prompt).url(), WaitUntil.LOAD, OPENING_MILLIS));
    }

    /** The envelope of the actions that the session was created for. */
    public Envelope envelope() {
        return new Envelope(OptionalLong.of(userId()), source, Cost.NONE);
    }

    /**
     * The session as the API shows it.
     *
     * @param storedBytes what is kept of it
     */
    public SessionDescription describe(
            SessionState state, Instant now, Traffic traffic, long storedBytes, ErrorCounts errors) {
        SessionLabels labels = labels(state);
        Life life = state.life();
        Activity activity = state.activity();
        Instant end = life.endedAt().orElse(now);
        // The clock may have been set back since the start.
        long duration = life.startedAt()
                .map(start -> Math.max(0, Duration.between(start, end).toMillis()))
                .orElse(0L);
        return new SessionDescription(
                id(),
                life.status(),
                Optional.empty(),
                activity.currentUrl(),
                activity.title(),
                createdAt(),
                life.startedAt(),
                life.endedAt(),
                life.endReason(),
                life.endDetail(),
                expiresAt(state),
                accepted.machineId(),
                activity.actionCount(),
                activity.screenshotCount(),
                activity.navigationCount(),
                duration,
                activity.navigations().stream()
                        .map(SessionState.PageNavigation::entry)
                        .toList(),
                options().toBuilder().timeouts(timeouts(state)).build().redacted(),
                labels.metadata(),
                activity.spent().plus(new Cost(duration / HOUR_MILLIS * pricePerHour, 0, 0)),
                state.recording(),
                traceparent(),
                traffic,
                storedBytes,
                state.profile().or(() -> options().profile().map(ProfileOutcome::of)),
                labels.name(),
                labels.outcome(),
                labels.outcomeReason(),
                errors,
                activity.drivers());
    }
}

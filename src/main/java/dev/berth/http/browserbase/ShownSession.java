package dev.berth.http.browserbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.access.ApiKey;
import dev.berth.http.request.SessionLinks.SocketUrls;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionSummary;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A session as Browserbase's API tells it.
 *
 * @param keepAlive empty in a list
 * @param proxyBytes of Browserbase's own proxies
 * @param connectUrl and the two after it: for clients that may drive the session, while it lives; the last two are empty, as Berth makes the sessions of WebDriver by WebDriver
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ShownSession(
        SessionId id,
        String projectId,
        State status,
        Instant createdAt,
        Instant startedAt,
        Instant updatedAt,
        Instant expiresAt,
        Optional<Instant> endedAt,
        Optional<Boolean> keepAlive,
        @JsonInclude(JsonInclude.Include.ALWAYS) long proxyBytes,
        String region,
        Optional<String> contextId,
        Map<String, String> userMetadata,
        Optional<String> connectUrl,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> seleniumRemoteUrl,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> signingKey) {
    private static final String REGION = "self-hosted";

    static ShownSession of(ApiKey key, SessionSummary session) {
        Instant startedAt = session.startedAt().orElse(session.createdAt());
        return new ShownSession(
                session.sessionId(),
                project(key),
                State.of(session.status(), session.endReason()),
                session.createdAt(),
                startedAt,
                session.endedAt().orElse(startedAt),
                session.expiresAt(),
                session.endedAt(),
                Optional.empty(),
                0,
                REGION,
                session.profile().map(ProfileOutcome::name),
                session.metadata(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param urls of the session; empty where this client gets none */
    static ShownSession of(ApiKey key, SessionDescription session, Optional<SocketUrls> urls) {
        Instant startedAt = session.startedAt().orElse(session.createdAt());
        SessionTimeouts timeouts = session.options().timeouts();
        return new ShownSession(
                session.sessionId(),
                project(key),
                State.of(session.status(), session.endReason()),
                session.createdAt(),
                startedAt,
                session.endedAt().orElse(startedAt),
                session.expiresAt(),
                session.endedAt(),
                Optional.of(timeouts.reconnect() >= timeouts.lifetime()),
                0,
                REGION,
                session.profile().map(ProfileOutcome::name),
                session.metadata(),
                urls.map(SocketUrls::connectUrl),
                urls.map(none -> ""),
                urls.map(none -> ""));
    }

    /** The project of a key: its user. */
    static String project(ApiKey key) {
        return key.user().isEmpty() ? "user-" + key.userId() : key.user();
    }
}

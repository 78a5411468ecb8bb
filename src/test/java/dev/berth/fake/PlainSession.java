package dev.berth.fake;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.machine.SessionSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A session that was created without any wishes. */
public final class PlainSession {
    private PlainSession() {}

    /** Expires a minute after {@code createdAt}. */
    public static SessionSpec spec(SessionId id, Instant createdAt) {
        return spec(
                new CreateSession(id, 1, Optional.empty(), SampleTask.OPTIONS, Map.of(), Optional.empty()),
                createdAt,
                createdAt.plusSeconds(60));
    }

    /** A session on the node {@code node} that costs nothing. */
    public static SessionSpec spec(CreateSession request, Instant createdAt, Instant expiresAt) {
        SessionAccepted accepted =
                new SessionAccepted(request.sessionId(), SessionStatus.CREATING, "node", createdAt, expiresAt);
        return new SessionSpec(request, accepted, ActionSource.REST, 0);
    }
}

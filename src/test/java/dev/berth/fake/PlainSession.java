package dev.berth.fake;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionId;
import dev.berth.session.machine.SessionSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A session that was created without any wishes. */
public final class PlainSession {
    private PlainSession() {}

    /** Expires a minute after {@code createdAt}. */
    public static SessionSpec spec(SessionId id, Instant createdAt) {
        return new SessionSpec(
                id,
                1,
                "node",
                Optional.empty(),
                SampleTask.OPTIONS,
                Map.of(),
                createdAt,
                createdAt.plusSeconds(60),
                0,
                ActionSource.REST);
    }
}

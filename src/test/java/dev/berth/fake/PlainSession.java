package dev.berth.fake;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import dev.berth.session.machine.SessionSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A session that was created without any wishes. */
public final class PlainSession {
    private PlainSession() {}

    /** Expires a minute after {@code createdAt}. */
    public static SessionSpec spec(SessionId id, Instant createdAt) {
        SessionOptions options = new SessionOptions(
                SessionOptions.CHROMIUM,
                Viewport.DEFAULT,
                new SessionTimeouts(1_000, 1_000, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new SessionSpec(
                id,
                1,
                "node",
                Optional.empty(),
                options,
                Map.of(),
                createdAt,
                createdAt.plusSeconds(60),
                0,
                ActionSource.REST);
    }
}

package dev.berth.session.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionSpecTest {
    private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

    private final SessionSpec spec = new SessionSpec(
            SessionId.random(),
            1,
            "node",
            Optional.empty(),
            new SessionOptions(
                    SessionOptions.CHROMIUM,
                    Viewport.DEFAULT,
                    new SessionTimeouts(1_000, 1_000, 0),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
            Map.of(),
            T0,
            T0.plusSeconds(60),
            0,
            ActionSource.REST);

    @Test
    void anEndingSessionShowsItsReasonAtOnce() {
        SessionState running = SessionState.NEW.with(SessionState.NEW.life().started(T0));
        SessionState ending = running.with(running.life().ending(EndReason.IDLE_TIMEOUT, Optional.of("detail")));
        SessionDescription description = spec.describe(ending, T0.plusSeconds(1));
        assertThat(description.status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(description.endReason()).contains(EndReason.IDLE_TIMEOUT);
        assertThat(description.endDetail()).contains("detail");
        assertThat(description.endedAt()).isEmpty();
    }
}

package dev.berth.session.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.PlainSession;
import dev.berth.protocol.Cost;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionSpecTest {
    private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

    private final SessionSpec spec = PlainSession.spec(SessionId.random(), T0);

    @Test
    void anEndingSessionShowsItsReasonAtOnce() {
        SessionState running = SessionState.NEW.with(SessionState.NEW.life().started(T0));
        SessionState ending = running.with(running.life().ending(EndReason.IDLE_TIMEOUT, Optional.of("detail")));
        SessionDescription description = spec.describe(ending, T0.plusSeconds(1), Traffic.NONE, 0, ErrorCounts.NONE);
        assertThat(description.status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(description.endReason()).contains(EndReason.IDLE_TIMEOUT);
        assertThat(description.endDetail()).contains("detail");
        assertThat(description.endedAt()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackMakesNoDurationOrCostBelowZero() {
        SessionSpec priced = new SessionSpec(spec.request(), spec.accepted(), spec.source(), 2);
        SessionState running = SessionState.NEW.with(SessionState.NEW.life().started(T0));
        SessionDescription description =
                priced.describe(running, T0.minusSeconds(60), Traffic.NONE, 0, ErrorCounts.NONE);
        assertThat(description.duration()).isZero();
        assertThat(description.cost()).isEqualTo(Cost.NONE);
    }
}

package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final SessionId ONE = SessionId.random();

    private final NodeSessions sessions = new NodeSessions();
    private final Map<SessionId, SessionVerticle> verticles = new HashMap<>();
    private int told;
    private final Drain drain = new Drain(new HandScheduler(), sessions, verticles, () -> told++);

    /** One that was never deployed. */
    private static SessionVerticle verticle() {
        return new SessionVerticle(null, null, true, Optional.empty());
    }

    @Test
    void anEmptyNodeIsDrainedAtOnce() {
        drain.begin(60_000);
        assertThat(drain.whenOver().succeeded()).isTrue();
    }

    @Test
    void itIsToldOnce() {
        sessions.add(ONE, 1, 1);
        drain.begin(60_000);
        drain.begin(30_000);
        assertThat(told).isEqualTo(1);
    }

    @Test
    void itIsOverOnceTheLastVerticleIsGone() {
        sessions.add(ONE, 1, 1);
        verticles.put(ONE, verticle());
        drain.begin(60_000);
        sessions.remove(ONE);
        // Of another session.
        drain.left();
        assertThat(drain.whenOver().isComplete()).isFalse();
        verticles.remove(ONE);
        drain.left();
        assertThat(drain.whenOver().succeeded()).isTrue();
    }

    @Test
    void aSessionThatIsStillBeingMadeDoesNotHoldItUp() {
        sessions.add(ONE, 1, 1);
        drain.begin(0);
        assertThat(drain.whenOver().succeeded()).isTrue();
    }
}

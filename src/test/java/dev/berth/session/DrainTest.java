package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.SessionId;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final SessionId ONE = SessionId.random();
    private static final SessionId OTHER = SessionId.random();

    private final NodeSessions sessions = new NodeSessions();
    private int told;
    private final Drain drain = new Drain(new HandScheduler(), sessions, () -> told++);

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
    void itIsOverOnceTheLastSessionIs() {
        sessions.add(ONE, 1, 2);
        sessions.add(OTHER, 1, 2);
        drain.begin(60_000);
        sessions.remove(ONE);
        drain.left();
        assertThat(drain.whenOver().isComplete()).isFalse();
        sessions.remove(OTHER);
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

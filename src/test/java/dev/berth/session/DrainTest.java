package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final SessionId ONE = SessionId.random();
    private static final SessionId OTHER = SessionId.random();

    private final NodeSessions sessions = new NodeSessions();
    private int told;
    private final HandScheduler scheduler = new HandScheduler();
    private final Drain drain = new Drain(scheduler, sessions, () -> told++);

    @Test
    void anEmptyNodeIsDrainedAtOnce() {
        assertThat(drain.stop(60_000).succeeded()).isTrue();
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
        Future<Void> over = drain.stop(60_000);
        sessions.remove(ONE);
        drain.left();
        assertThat(over.isComplete()).isFalse();
        sessions.remove(OTHER);
        drain.left();
        assertThat(over.succeeded()).isTrue();
    }

    @Test
    void aSessionThatIsStillBeingMadeDoesNotHoldItUp() {
        sessions.add(ONE, 1, 1);
        assertThat(drain.stop(0).succeeded()).isTrue();
    }

    @Test
    void whatIsTakenBackEndsNothing() throws Exception {
        sessions.add(ONE, 1, 2);
        drain.begin(60_000);
        assertThat(drain.takeBack().succeeded()).isTrue();
        assertThat(drain.begun()).isFalse();
        drain.left();
        scheduler.advance(60_000);
        assertThat(drain.begun()).isFalse();
        assertThat(drain.stop(60_000).isComplete()).isFalse();
        assertThat(told).isEqualTo(2);
    }

    @Test
    void itIsTakenBackAfterItIsOver() {
        drain.begin(0);
        assertThat(drain.takeBack().succeeded()).isTrue();
        sessions.add(ONE, 1, 1);
        assertThat(drain.stop(60_000).isComplete()).isFalse();
    }

    @Test
    void theStopOfANodeIsNotTakenBack() {
        sessions.add(ONE, 1, 1);
        drain.stop(60_000);
        assertThat(drain.takeBack().cause()).hasMessageContaining("the node is stopping");
        assertThat(drain.begun()).isTrue();
    }
}

package dev.berth.cluster;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerBusTest {
    private final LoopbackNet loopback = new LoopbackNet();
    private PeerBus a;
    private PeerBus b;

    @BeforeEach
    void join() throws Exception {
        a = start(loopback.join(1, Optional.empty()), "a");
        b = start(loopback.join(2, Optional.empty(), 1), "b");
    }

    private static PeerBus start(Cluster node, String machineId) throws Exception {
        return await(PeerBus.start(node.vertx(), machineId, Optional.of(node)));
    }

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    @Test
    void nodesTellWhetherTheyReachPostgres() throws Exception {
        // It has not registered yet.
        assertThat(await(a.reachesPostgres("b"))).isZero();
        b.tellOfPostgres(asker -> Future.succeededFuture(asker.equals("a") ? 7_000L : 0));
        assertThat(await(a.reachesPostgres("b"))).isEqualTo(7_000);
        assertThatThrownBy(() -> await(a.reachesPostgres("c"))).hasMessageContaining("No handlers");
    }

    @Test
    void nodesKnowWhomTheyCanAsk() throws Exception {
        assertThat(a.linked()).containsExactly("b");
        assertThat(b.linked()).containsExactly("a");
        await(b.close());
        assertThat(a.linked()).isEmpty();
    }

    @Test
    void aNodeHearsThatAnotherReachesIt() throws Exception {
        await(a.isHeardBy("b"));
        await(b.isHeardBy("a"));
    }

    @Test
    void aNodeWhoseListenerIsLostHearsThatItIsDeafAndListensAnew() throws Exception {
        await(a.close());
        assertThatThrownBy(() -> await(a.isHeardBy("b"))).hasMessageContaining("No handlers");
        await(a.listenAnew());
        await(a.isHeardBy("b"));
    }
}

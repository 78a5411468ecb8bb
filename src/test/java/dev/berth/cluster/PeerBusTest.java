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
        a = await(PeerBus.start(loopback.join(1, Optional.empty()).vertx(), "a"));
        b = await(PeerBus.start(loopback.join(2, Optional.empty(), 1).vertx(), "b"));
    }

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    @Test
    void nodesTellWhetherTheyReachPostgres() throws Exception {
        assertThatThrownBy(() -> await(a.reachesPostgres("b"))).hasMessageContaining("it is not known yet");
        b.tellOfPostgres(() -> Future.succeededFuture(7_000L));
        assertThat(await(a.reachesPostgres("b"))).isEqualTo(7_000);
        assertThatThrownBy(() -> await(a.reachesPostgres("c"))).hasMessageContaining("No handlers");
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

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that stands still takes connections, by its kernel, and says nothing. */
class FrozenMemberTest {
    private final LoopbackNet loopback = new LoopbackNet();

    @AfterEach
    void leave() throws Exception {
        loopback.leave();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeStartsWhileItsOnlyMemberStandsStill(boolean tls) throws Exception {
        Optional<ClusterKeys> keys =
                tls ? Optional.of(ClusterKeys.derive("a secret of the cluster")) : Optional.empty();
        try (ServerSocket frozen = new ServerSocket(LoopbackNet.PORT, 9, InetAddress.getByName(loopback.net + "1"))) {
            assertThat(frozen.isBound()).isTrue();
            assertThat(loopback.join(2, keys, 1).vertx().isClustered()).isTrue();
        }
    }
}

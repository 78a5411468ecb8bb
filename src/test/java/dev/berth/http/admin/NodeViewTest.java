package dev.berth.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.node.NodeRow;
import dev.berth.http.admin.NodeView.State;
import dev.berth.protocol.NodeCommand.NodeStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What an operator sees of a node. */
class NodeViewTest {
    private static final NodeStatus STATUS = new NodeStatus("d1", 8, 1, 2, 3, 4, 5, "Chrome/1", true, true);

    private static NodeView view(long ageMillis, Optional<NodeStatus> status, boolean lost, boolean released) {
        Optional<Instant> left = Optional.of(Instant.EPOCH);
        NodeRow row = new NodeRow(
                "d1",
                1,
                "here",
                3,
                ageMillis,
                "127.0.0.1",
                7_802,
                OptionalInt.empty(),
                "",
                status,
                Instant.EPOCH,
                Instant.EPOCH,
                left.filter(at -> lost),
                left.filter(at -> released));
        return NodeView.of(row, false);
    }

    @Test
    void aLivingNodeShowsWhatItTells() {
        NodeView node = view(1_500, Optional.of(STATUS), false, false);
        assertThat(node.alive()).isTrue();
        assertThat(node.state()).isEqualTo(State.ALIVE);
        assertThat(node.status().running()).isEqualTo(2);
        assertThat(node.status().draining()).isTrue();
        assertThat(node.heartbeatAgeMillis()).contains(1_500L);
        assertThat(node.version()).isEmpty();
        assertThat(node.left()).isEmpty();
    }

    @Test
    void othersDoNotShowSessionsThatTheyDoNotHave() {
        assertThat(view(11_000, Optional.of(STATUS), false, false).state()).isEqualTo(State.SILENT);
        assertThat(view(100, Optional.empty(), false, false).state()).isEqualTo(State.JOINING);
        NodeView lost = view(60_000, Optional.of(STATUS), true, false);
        assertThat(lost.state()).isEqualTo(State.LOST);
        assertThat(lost.alive()).isFalse();
        assertThat(lost.status().running() + lost.status().capacity()).isZero();
        assertThat(lost.left()).contains(Instant.EPOCH);
        assertThat(view(60_000, Optional.of(STATUS), false, true).state()).isEqualTo(State.STOPPED);
    }
}

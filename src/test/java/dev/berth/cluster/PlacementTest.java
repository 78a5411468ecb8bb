package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final Set<String> unlinked = new HashSet<>();
    private long nanos;
    private final Placement placement =
            new Placement("b", () -> List.copyOf(nodes), id -> !unlinked.contains(id), () -> nanos);

    private static ClusterNode node(String id, int capacity, int running, int queued) {
        return node(id, capacity, running, queued, false);
    }

    private static ClusterNode node(String id, int capacity, int running, int queued, boolean draining) {
        return new ClusterNode(
                new NodeStatus(id, capacity, 0, running, queued, 0, 0, "Chrome", true, draining), "10.0.0.1", 7802);
    }

    private List<String> next(int sessions) {
        return IntStream.range(0, sessions)
                .mapToObj(each -> placement.next().orElseThrow().machineId())
                .toList();
    }

    @Test
    void takesTheNodeWithTheMostFreePlaces() {
        nodes.addAll(List.of(node("a", 10, 2, 0), node("b", 20, 15, 0), node("c", 10, 3, 0)));
        assertThat(next(1)).containsExactly("a");
    }

    @Test
    void leavesOutANodeThatDrainsUntilItsStatusTells() {
        nodes.addAll(List.of(node("a", 30, 0, 0), node("b", 10, 0, 0)));
        placement.drains("a");
        assertThat(next(3)).containsOnly("b");
        // It was started again meanwhile.
        nanos += TimeUnit.SECONDS.toNanos(6);
        assertThat(next(1)).containsExactly("a");
    }

    @Test
    void prefersThisNodeToOneWithAsMuchRoom() {
        nodes.addAll(List.of(node("a", 10, 2, 0), node("b", 10, 2, 0)));
        assertThat(next(1)).containsExactly("b");
    }

    @Test
    void countsWhatItPlacedUntilTheNodeTellsOfIt() {
        nodes.addAll(List.of(node("a", 10, 0, 0), node("b", 10, 0, 0), node("c", 10, 0, 0)));
        assertThat(next(30)).filteredOn("a"::equals).hasSize(10);
        nodes.set(0, node("a", 10, 2, 0));
        assertThat(next(8)).containsOnly("a");
    }

    @Test
    void whatTheNodeDoesNotTellOfSoonWasNotMade() {
        nodes.addAll(List.of(node("a", 10, 0, 0), node("b", 8, 0, 0)));
        assertThat(next(4)).containsExactly("a", "a", "b", "a");
        nanos += TimeUnit.SECONDS.toNanos(6);
        assertThat(next(1)).containsExactly("a");
    }

    @Test
    void namesTheBestOfTheOthers() {
        nodes.addAll(List.of(node("a", 10, 5, 0), node("b", 10, 0, 0), node("c", 10, 6, 0)));
        assertThat(placement.other().orElseThrow().machineId()).isEqualTo("a");
        nodes.remove(2);
        nodes.remove(0);
        assertThat(placement.other()).isEmpty();
    }

    @Test
    void leavesNodesOutThatCanNotBeReached() {
        nodes.addAll(List.of(node("a", 10, 0, 0), node("b", 10, 9, 0)));
        unlinked.add("a");
        unlinked.add("b");
        assertThat(next(2)).containsExactly("b", "b");
    }

    @Test
    void whereAllAreFullTakesThatWithTheFewestWaiting() {
        nodes.addAll(List.of(node("a", 10, 10, 3), node("b", 10, 10, 2), node("c", 2, 2, 1)));
        assertThat(next(4)).containsExactly("c", "b", "c", "b");
    }

    @Test
    void leavesDrainingNodesOut() {
        nodes.addAll(List.of(node("a", 10, 9, 0), node("b", 10, 0, 0, true)));
        assertThat(next(2)).containsExactly("a", "a");
        nodes.remove(0);
        assertThat(placement.next()).isEmpty();
    }

    @Test
    void placesNothingElsewhereBeforeTheOthersKnowThisNode() {
        nodes.add(node("a", 10, 0, 0));
        assertThat(placement.next()).isEmpty();
    }
}

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.NodeStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final long ROUND_MILLIS = 3_000;

    private final HandScheduler clock = new HandScheduler();
    private final Set<String> reaching = new HashSet<>();
    private final List<String> healed = new ArrayList<>();
    private List<ClusterNode> living = nodes("a", "b", "c");

    private Hearing hearing(String machineId) {
        Hearing hearing = new Hearing(
                clock,
                machineId,
                () -> living,
                other -> reaching.contains(other) ? Future.succeededFuture() : Future.failedFuture("no answer"),
                () -> {
                    healed.add(machineId);
                    return Future.failedFuture("that may fail, too");
                });
        hearing.goOn();
        return hearing;
    }

    private static List<ClusterNode> nodes(String... ids) {
        return Stream.of(ids)
                .map(id -> new ClusterNode(new NodeStatus(id, 1, 0, 0, 0, 0, 0, "", true, false), "10.0.0.1", 7802))
                .toList();
    }

    private void rounds(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            clock.advance(ROUND_MILLIS);
        }
    }

    @Test
    void oneNodeThatReachesItIsEnough() throws Exception {
        reaching.add("b");
        Hearing hearing = hearing("a");
        rounds(9);
        assertThat(hearing.complaint()).isEmpty();
        assertThat(healed).isEmpty();
    }

    @Test
    void sixRoundsWithoutAnyMakeItDeafAndItHeals() throws Exception {
        Hearing hearing = hearing("a");
        rounds(5);
        assertThat(hearing.complaint()).isEmpty();
        rounds(1);
        assertThat(hearing.complaint()).isPresent();
        assertThat(healed).hasSize(1);
        rounds(6);
        assertThat(healed).hasSize(2);
        assertThat(hearing.healings()).isEqualTo(2);
        reaching.add("c");
        rounds(1);
        assertThat(hearing.complaint()).isEmpty();
    }

    @Test
    void aRoundInBetweenStartsTheCountAnew() throws Exception {
        Hearing hearing = hearing("a");
        rounds(5);
        reaching.add("b");
        rounds(1);
        reaching.clear();
        rounds(5);
        assertThat(hearing.complaint()).isEmpty();
        assertThat(healed).isEmpty();
    }

    @Test
    void aNodeThatIsAloneIsNotDeaf() throws Exception {
        living = nodes("a");
        Hearing hearing = hearing("a");
        rounds(9);
        assertThat(hearing.complaint()).isEmpty();
        assertThat(healed).isEmpty();
    }

    /** The other one counts as living until its lease is over, and two readings have told so. */
    @Test
    void theLastOneThatIsLeftIsNotDeaf() throws Exception {
        living = nodes("a", "b");
        Hearing left = hearing("b");
        clock.advance(ROUND_MILLIS - 1);
        long millis = LeaseTerms.USUAL.leaseMillis() + 2 * TimeUnit.NANOSECONDS.toMillis(LeaseTerms.USUAL.renewal());
        clock.advance(millis);
        assertThat(left.complaint()).isEmpty();
        living = nodes("b");
        rounds(3);
        assertThat(left.complaint()).isEmpty();
        assertThat(healed).isEmpty();
    }

    /** Otherwise no node at all would take requests. */
    @Test
    void ofTwoThatDoNotReachOneAnotherOneGoesOn() throws Exception {
        living = nodes("a", "b");
        Hearing a = hearing("a");
        Hearing b = hearing("b");
        rounds(6);
        assertThat(a.complaint()).isEmpty();
        assertThat(b.complaint()).isPresent();
        assertThat(healed).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void afterItsEndItAsksNobody() throws Exception {
        Hearing hearing = hearing("a");
        hearing.close();
        rounds(9);
        assertThat(healed).isEmpty();
    }
}

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cluster.LeaseWorld.Node;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that start and leave while another can't read Postgres: it hears of them by the mesh alone. */
class LeaseJoinTest {
    private final LeaseWorld world = new LeaseWorld();
    private Node a;

    @BeforeEach
    void oneNodeThatHadAnother() {
        a = world.join("a");
        Node b = world.join("b");
        world.run(30_000);
        world.leave(b);
        world.run(5_000);
        assertThat(a.ends).isEmpty();
    }

    private void assertHolds() {
        assertThat(a.ends).isEmpty();
        assertThat(a.mayTakeSessions()).isTrue();
    }

    /** The world sees to it that it does so before it is lost. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3_000, 20_000, 600_000})
    void aNodeThatAloneLosesPostgresEndsItsSessionsBeforeOneThatStartsDeclaresIt(long millis) {
        a.reachesPostgres = false;
        world.run(millis);
        assertHolds();
        world.join("b");
        world.run(7_000);
        assertHolds();
        world.run(20_000);
        assertThat(a.ends).containsExactly(LeaseMachine.CUT_OFF);
        assertThat(a.declaredLost).isEqualTo(1);
        a.reachesPostgres = true;
        world.run(10_000);
        assertThat(a.mayTakeSessions()).isTrue();
    }

    @Test
    void whoStartsAndDoesNotReachPostgresEitherEndsNothing() {
        a.reachesPostgres = false;
        world.run(20_000);
        Node b = world.join("b");
        world.run(1_000);
        world.postgresUp = false;
        world.run(300_000);
        assertHolds();
        a.reachesPostgres = true;
        world.postgresUp = true;
        world.run(30_000);
        assertHolds();
        assertThat(a.declaredLost + b.declaredLost).isZero();
    }

    /** Nobody could tell it. Once it hears of the other, it asks, and what that one says is true also when it has lost Postgres itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodeThatHearsNobodyGoesOnUntilItHearsWhoDeclaredIt(boolean postgresUp) {
        a.reachesPostgres = false;
        Node b = world.join("b", false);
        world.run(25_000);
        assertThat(a.declaredLost).isEqualTo(1);
        assertHolds();
        world.postgresUp = postgresUp;
        world.run(10_000);
        b.onBus = true;
        world.run(7_000);
        assertThat(a.ends).containsExactly(LeaseMachine.CUT_OFF);
    }

    @Test
    void whoDeclaredItRemembersThatAlsoIfPostgresIsAwayAtThatMoment() {
        a.reachesPostgres = false;
        Node b = world.join("b", false);
        while (a.declaredLost == 0) {
            world.run(1);
        }
        world.postgresUp = false;
        world.run(10_000);
        b.onBus = true;
        world.run(7_000);
        assertThat(a.ends).containsExactly(LeaseMachine.CUT_OFF);
    }

    @Test
    void aNodeThatStoodStillAloneAsksFirst() {
        a.stop();
        world.run(20_000);
        a.reachesPostgres = false;
        world.join("b");
        world.run(20_000);
        assertThat(a.declaredLost).isEqualTo(1);
        a.goOn();
        assertThat(a.mayTakeSessions()).isFalse();
        world.run(5_000);
        assertThat(a.ends).containsExactly(LeaseMachine.CUT_OFF);
    }

    @Test
    void aNodeThatStoodStillAloneAndWithoutPostgresGoesOn() {
        world.postgresUp = false;
        world.run(20_000);
        a.stop();
        world.run(60_000);
        a.goOn();
        world.run(5_000);
        assertHolds();
    }

    /** As in {@link LeaseMachineTest}, with nodes that leave, die and start. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void underRandomFaultsNobodyHoldsWhatOthersTakeForLost(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            String id = "abc".charAt(random.nextInt(3)) + "";
            Node node = world.nodes.get(id);
            if (node == null || node.isDead()) {
                if (world.postgresUp && random.nextBoolean()) {
                    world.join(id, random.nextInt(4) > 0);
                }
            } else {
                fault(node, random);
            }
            world.run(random.nextInt(9_000));
        }
    }

    private void fault(Node node, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> node.stop();
            case 1, 2 -> node.goOn();
            case 3, 4 -> node.reachesPostgres = !node.reachesPostgres;
            case 5 -> node.onBus = !node.onBus;
            case 6 -> world.postgresUp = !world.postgresUp;
            case 7 -> node.delayMillis = random.nextInt(3_000);
            case 8 -> node.kill();
            default -> world.leave(node);
        }
    }
}

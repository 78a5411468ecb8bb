package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cluster.LeaseMachine.Hold;
import dev.berth.cluster.LeaseWorld.Node;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes that have been together for a while, and what may happen to them. */
class LeaseMachineTest {
    private final LeaseWorld world = new LeaseWorld();
    private Node a;
    private Node b;
    private Node c;

    @BeforeEach
    void threeNodes() {
        a = world.join("a");
        world.run(300);
        b = world.join("b");
        world.run(300);
        c = world.join("c");
        world.run(30_000);
        assertUnharmed(a, b, c);
    }

    private static void assertUnharmed(Node... nodes) {
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.ends).as("sessions of %s ended", node.id).isEmpty();
            assertThat(node.declaredLost).as("%s declared lost", node.id).isZero();
            assertThat(node.mayTakeSessions()).as("%s takes sessions", node.id).isTrue();
        });
    }

    private static void assertBack(Node node, int declaredLost, String detail) {
        assertThat(node.ends).containsExactly(detail);
        assertThat(node.declaredLost).isEqualTo(declaredLost);
        assertThat(node.mayTakeSessions()).isTrue();
    }

    @Test
    void aKilledNodeIsDeclaredOnceAndInTime() {
        for (int millis = 0; millis < 2_100; millis += 300) {
            LeaseWorld other = new LeaseWorld();
            other.join("x");
            Node dies = other.join("y");
            other.run(30_000 + millis);
            dies.kill();
            other.run(8_000);
            assertThat(dies.declaredLost).isZero();
            other.run(4_600);
            assertThat(dies.declaredLost).isEqualTo(1);
            other.run(60_000);
            assertThat(dies.declaredLost).isEqualTo(1);
        }
        assertUnharmed(a, b, c);
    }

    @Test
    void aNodeThatWasStoppedFindsItselfLostAndComesBack() {
        b.stop();
        world.run(30_000);
        assertThat(b.declaredLost).isEqualTo(1);
        b.goOn();
        world.run(5_000);
        assertBack(b, 1, LeaseMachine.FENCED);
        assertThat(b.registrations).isEqualTo(1);
        world.run(60_000);
        assertThat(b.declaredLost).isEqualTo(1);
        assertUnharmed(a, c);
    }

    /** Longer than it may go on by itself, but nobody has declared it. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 5_000, 8_500, 9_500})
    void aStopThatIsShorterThanTheLeaseCostsNothing(long millis) {
        b.stop();
        world.run(millis);
        b.goOn();
        world.run(20_000);
        assertUnharmed(a, b, c);
    }

    /** As when the whole machine was paused. */
    @Test
    void ifAllStopTogetherNobodyIsLost() {
        List<Node> all = List.of(a, b, c);
        all.forEach(Node::stop);
        world.run(40_000);
        a.goOn();
        world.run(900);
        b.goOn();
        c.goOn();
        world.run(60_000);
        assertUnharmed(a, b, c);
    }

    @Test
    void aNodeThatWakesWithoutPostgresEndsItsSessionsWithinTheGrace() {
        b.stop();
        world.run(9_000);
        b.reachesPostgres = false;
        b.goOn();
        world.run(500);
        assertThat(b.mayTakeSessions()).isFalse();
        assertThat(b.hold()).isEqualTo(Hold.HELD);
        world.run(800);
        assertThat(b.hold()).isEqualTo(Hold.CUT_OFF);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 11_000, 20_000, 300_000})
    void anOutageOfPostgresIsNobodysDeath(long millis) {
        world.postgresUp = false;
        world.run(millis);
        assertThat(List.of(a, b, c)).allMatch(node -> node.ends.isEmpty() && node.mayTakeSessions());
        world.postgresUp = true;
        world.run(60_000);
        assertUnharmed(a, b, c);
    }

    /** It comes back for one node after the other. */
    @Test
    void afterAnOutageWhoIsBackFirstWaitsForTheOthers() {
        world.postgresUp = false;
        world.run(20_000);
        b.reachesPostgres = false;
        world.postgresUp = true;
        world.run(6_000);
        b.reachesPostgres = true;
        world.run(60_000);
        assertUnharmed(a, b, c);
    }

    @Test
    void whoDiesDuringAnOutageIsDeclaredAfterIt() {
        world.postgresUp = false;
        world.run(1_000);
        c.kill();
        // The others can't know whether it reaches Postgres, so that they end their sessions.
        world.run(20_000);
        assertThat(a.ends).containsExactly(LeaseMachine.CUT_OFF);
        world.postgresUp = true;
        world.run(27_000);
        assertThat(c.declaredLost).isEqualTo(1);
        assertThat(List.of(a, b)).allMatch(node -> node.mayTakeSessions() && node.declaredLost == 0);
    }

    @Test
    void aNodeThatAloneLosesPostgresEndsItsSessionsBeforeOthersDeclareIt() {
        b.reachesPostgres = false;
        world.run(9_000);
        assertThat(b.ends).containsExactly(LeaseMachine.CUT_OFF);
        assertThat(b.declaredLost).isZero();
        world.run(20_000);
        assertThat(b.declaredLost).isEqualTo(1);
        b.reachesPostgres = true;
        world.run(10_000);
        assertBack(b, 1, LeaseMachine.CUT_OFF);
        assertUnharmed(a, c);
    }

    @Test
    void aShortLossOfPostgresEndsNothing() {
        b.reachesPostgres = false;
        world.run(5_000);
        b.reachesPostgres = true;
        world.run(30_000);
        assertUnharmed(a, b, c);
    }

    @Test
    void aNodeThatIsCutOffFromAllCantRelyOnSilence() {
        b.reachesPostgres = false;
        b.onBus = false;
        world.run(30_000);
        assertThat(b.ends).containsExactly(LeaseMachine.CUT_OFF);
        assertThat(b.declaredLost).isEqualTo(1);
        assertUnharmed(a, c);
    }

    @Test
    void aNodeThatIsAloneJustWaits() {
        LeaseWorld other = new LeaseWorld();
        Node alone = other.join("x");
        other.run(5_000);
        other.postgresUp = false;
        other.run(60_000);
        assertThat(alone.mayTakeSessions()).isTrue();
        other.postgresUp = true;
        alone.stop();
        other.run(60_000);
        alone.goOn();
        other.run(20_000);
        assertUnharmed(alone);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -3_600_000, 15_000, -15_000})
    void aStepOfPostgresClockKillsNobodyAndDoesNotHideTheDead(long millis) {
        world.postgresClockMillis = millis;
        world.run(3_000);
        c.kill();
        world.run(15_000);
        assertThat(c.declaredLost).isEqualTo(1);
        assertUnharmed(a, b);
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 3_000, 6_000})
    void aSlowPostgresKillsNobody(long millis) {
        a.delayMillis = millis;
        b.delayMillis = millis;
        c.delayMillis = millis;
        world.run(120_000);
        assertUnharmed(a, b, c);
    }

    @Test
    void aNodeWithASlowWayToPostgresLives() {
        b.delayMillis = 5_000;
        world.run(120_000);
        assertUnharmed(a, b, c);
    }

    @Test
    void aNodeWhoseRowWasDeletedRegistersAnew() {
        world.deleteRow("b");
        world.run(5_000);
        assertBack(b, 0, LeaseMachine.FENCED);
        assertThat(b.registrations).isEqualTo(1);
        assertUnharmed(a, c);
    }

    /** No node that may take sessions is lost for others, whatever happens; and in the end all are back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void underRandomFaultsNobodyHoldsWhatOthersTakeForLost(long seed) {
        Random random = new Random(seed);
        List<Node> all = List.of(a, b, c);
        for (int i = 0; i < 300; i++) {
            Node node = all.get(random.nextInt(3));
            switch (random.nextInt(8)) {
                case 0 -> node.stop();
                case 1, 2 -> node.goOn();
                case 3 -> node.reachesPostgres = !node.reachesPostgres;
                case 4 -> node.onBus = !node.onBus;
                case 5 -> world.postgresUp = !world.postgresUp;
                case 6 -> node.delayMillis = random.nextInt(7_000);
                default -> world.postgresClockMillis = random.nextInt(60_000) - 30_000;
            }
            world.run(random.nextInt(9_000));
        }
        world.postgresUp = true;
        all.forEach(node -> {
            node.goOn();
            node.reachesPostgres = true;
            node.onBus = true;
            node.delayMillis = 2;
        });
        world.run(30_000);
        assertThat(all).allMatch(Node::mayTakeSessions);
        assertThat(all).allMatch(node -> node.declaredLost <= node.ends.size());
    }
}

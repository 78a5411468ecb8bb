package dev.berth.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class MemoryBudgetTest {
    private final List<String> told = new ArrayList<>();

    private MemoryBudget.Share share(MemoryBudget budget, String user) {
        return budget.share(user, () -> told.add(user));
    }

    @Test
    void theBudgetIsShared() {
        MemoryBudget budget = new MemoryBudget(100, 100);
        MemoryBudget.Share one = share(budget, "a");
        MemoryBudget.Share other = share(budget, "b");
        assertThat(one.tryHold(60)).isTrue();
        assertThat(other.tryHold(41)).isFalse();
        assertThat(other.tryHold(40)).isTrue();
        assertThat(one.tryHold(59)).isTrue();
        assertThat(other.tryHold(41)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void aUsersSharesHaveOneLimitTogether() {
        MemoryBudget budget = new MemoryBudget(100, 50);
        assertThat(share(budget, "a").tryHold(30)).isTrue();
        assertThat(share(budget, "a").tryHold(21)).isFalse();
        MemoryBudget.Share waits = share(budget, "a");
        assertThat(waits.ask(21)).isFalse();
        assertThat(share(budget, "b").ask(50))
                .as("passes by who waits for its own")
                .isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void waitingSharesAreGrantedInOrder() {
        MemoryBudget budget = new MemoryBudget(100, 100);
        MemoryBudget.Share first = share(budget, "a");
        assertThat(first.ask(90)).isTrue();
        assertThat(share(budget, "b").ask(80)).isFalse();
        MemoryBudget.Share third = share(budget, "c");
        assertThat(third.ask(5)).as("the larger one would never get its turn").isFalse();
        assertThat(share(budget, "d").ask(40)).isFalse();
        first.hold(0);
        assertThat(told).containsExactly("b", "c");
        third.hold(0);
        assertThat(told).containsExactly("b", "c");
        assertThat(budget.usedBytes()).isEqualTo(80);
    }

    @Test
    void aShareThatStopsWaitingLetsTheNextGo() {
        MemoryBudget budget = new MemoryBudget(100, 100);
        share(budget, "a").hold(60);
        MemoryBudget.Share gone = share(budget, "b");
        assertThat(gone.ask(50)).isFalse();
        MemoryBudget.Share next = share(budget, "c");
        assertThat(next.ask(40)).isFalse();
        gone.hold(0);
        assertThat(told).containsExactly("c");
        assertThat(gone.isWaiting() || next.isWaiting()).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void holdTakesAnyAmountButTryHoldOnlyWhatFits() {
        MemoryBudget budget = new MemoryBudget(100, 100);
        MemoryBudget.Share one = share(budget, "a");
        one.hold(150);
        assertThat(one.tryHold(140)).isTrue();
        assertThat(one.tryHold(141)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(140);
    }

    /** As relays use it: a message asks once for all that it needs, and then ends. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyShareIsGrantedAndNoMemoryIsLost(long seed) {
        Random random = new Random(seed);
        MemoryBudget budget = new MemoryBudget(10_000, 5_000);
        List<MemoryBudget.Share> holding = new ArrayList<>();
        List<MemoryBudget.Share> waiting = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            if (random.nextInt(10) < 6) {
                MemoryBudget.Share share = share(budget, "user" + random.nextInt(4));
                (share.ask(1 + random.nextInt(5_000)) ? holding : waiting).add(share);
            } else if (!holding.isEmpty()) {
                holding.remove(random.nextInt(holding.size())).hold(0);
            }
            moveGranted(waiting, holding);
            assertThat(budget.usedBytes()).isBetween(0L, 10_000L);
            assertThat(waiting.isEmpty() || !holding.isEmpty())
                    .as("somebody goes on")
                    .isTrue();
        }
        while (!holding.isEmpty()) {
            holding.remove(0).hold(0);
            moveGranted(waiting, holding);
        }
        assertThat(waiting).isEmpty();
        assertThat(budget.usedBytes()).isZero();
    }

    private static void moveGranted(List<MemoryBudget.Share> waiting, List<MemoryBudget.Share> holding) {
        waiting.removeIf(share -> !share.isWaiting() && holding.add(share));
    }

    @Test
    void aUserHasRoomForAtLeastOneBody() {
        assertThat(MemoryBudget.ofBodies(1L << 30, 10 << 20).maxBytes()).isEqualTo(128 << 20);
        assertThat(MemoryBudget.ofBodies(1L << 30, 10 << 20).maxBytesEach()).isEqualTo(32 << 20);
        assertThat(MemoryBudget.ofBodies(256 << 20, 10 << 20).maxBytesEach()).isEqualTo(10 << 20);
    }
}

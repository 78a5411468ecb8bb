package dev.berth.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayBudgetTest {
    @Test
    void whatOneHoldsAnotherCannot() {
        RelayBudget budget = new RelayBudget(100);
        RelayBudget.Share one = budget.share();
        RelayBudget.Share other = budget.share();
        assertThat(one.tryHold(60)).isTrue();
        assertThat(other.tryHold(41)).isFalse();
        assertThat(other.tryHold(40)).isTrue();
        assertThat(one.tryHold(59)).isTrue();
        assertThat(other.tryHold(41)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void whatIsThereIsHeldWhateverThereIsRoomFor() {
        RelayBudget budget = new RelayBudget(100);
        RelayBudget.Share one = budget.share();
        one.hold(150);
        assertThat(one.tryHold(140)).isTrue();
        assertThat(one.tryHold(141)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(140);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingIsEverLost(long seed) {
        Random random = new Random(seed);
        RelayBudget budget = new RelayBudget(10_000);
        List<RelayBudget.Share> shares = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> shares.add(budget.share());
                case 1 -> {
                    if (!shares.isEmpty()) {
                        shares.remove(random.nextInt(shares.size())).hold(0);
                    }
                }
                default -> {
                    if (!shares.isEmpty()) {
                        shares.get(random.nextInt(shares.size())).tryHold(random.nextInt(3_000));
                    }
                }
            }
            assertThat(budget.usedBytes()).isBetween(0L, 10_000L);
        }
        shares.forEach(share -> share.hold(0));
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void thereIsRoomForOneMessageAtTheLeast() {
        assertThat(RelayBudget.ofHeap(64 << 20)).isGreaterThan(CommandGate.MAX_MESSAGE_BYTES);
        assertThat(RelayBudget.ofHeap(800L << 20)).isEqualTo(200 << 20);
        assertThat(RelayBudget.ofHeap(64L << 30)).isEqualTo(256 << 20);
    }
}

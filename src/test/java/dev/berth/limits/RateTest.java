package dev.berth.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000;
    private final Rate rate = new Rate(3, 2, 0);

    @Test
    void aBurstPassesAndThenSoManyASecond() {
        assertThat(rate.take(1, 0) && rate.take(1, 0) && rate.take(1, 0)).isTrue();
        assertThat(rate.take(1, 0)).isFalse();
        assertThat(rate.restMillis(0)).isEqualTo(500);
        assertThat(rate.restMillis(SECOND / 2)).isZero();
        assertThat(rate.take(1, SECOND)).isTrue();
    }

    @Test
    void restDoesNotAddUp() {
        rate.take(0, 1_000 * SECOND);
        assertThat(rate.take(3, 1_000 * SECOND)).isTrue();
        assertThat(rate.take(1, 1_000 * SECOND)).isFalse();
    }

    @Test
    void whatIsOnlyTriedCostsNothingWhereItIsTooMuch() {
        assertThat(rate.tryTake(3, 0)).isTrue();
        assertThat(rate.tryTake(1, 0)).isFalse();
        assertThat(rate.restMillis(0)).isZero();
        assertThat(rate.tryTake(1, SECOND / 2)).isTrue();
    }
}

package dev.berth.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InputPaceTest {
    private static final long SECOND = 1_000_000_000;
    private final InputPace pace = new InputPace(3, 2, 0);

    @Test
    void aBurstPassesAndThenSoManyASecond() {
        assertThat(pace.take(1, 0) && pace.take(1, 0) && pace.take(1, 0)).isTrue();
        assertThat(pace.take(1, 0)).isFalse();
        assertThat(pace.restMillis(0)).isEqualTo(500);
        assertThat(pace.restMillis(SECOND / 2)).isZero();
        assertThat(pace.take(1, SECOND)).isTrue();
    }

    @Test
    void restDoesNotAddUp() {
        pace.take(0, 1_000 * SECOND);
        assertThat(pace.take(3, 1_000 * SECOND)).isTrue();
        assertThat(pace.take(1, 1_000 * SECOND)).isFalse();
    }
}

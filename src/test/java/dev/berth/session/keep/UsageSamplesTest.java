package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.UsageSample;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageSamplesTest {
    private static final long MIB = 1 << 20;

    private final UsageSamples samples = new UsageSamples();

    private void measure(int from, int to) {
        for (int i = from; i < to; i++) {
            samples.measured(Instant.ofEpochSecond(i), i * MIB, i % 2);
        }
    }

    @Test
    void eachMeasurementIsASampleAtFirst() {
        measure(0, 2);
        assertThat(samples.all())
                .containsExactly(
                        new UsageSample(Instant.ofEpochSecond(0), 0, 0),
                        new UsageSample(Instant.ofEpochSecond(1), 1, 1));
    }

    @Test
    void aFullListIsHalvedAndFurtherSamplesStandForTwiceTheTime() {
        measure(0, UsageSamples.MAX_SAMPLES);
        assertThat(samples.all()).hasSize(120);
        assertThat(samples.all().get(1)).isEqualTo(new UsageSample(Instant.ofEpochSecond(3), 3, 0.5));
        measure(240, 241);
        assertThat(samples.all()).hasSize(120);
        measure(241, 242);
        assertThat(samples.all()).hasSize(121).endsWith(new UsageSample(Instant.ofEpochSecond(241), 241, 0.5));
    }

    @Test
    void aLongLifeIsCoveredEvenly() {
        measure(0, 100_000);
        List<UsageSample> all = samples.all();
        assertThat(all).hasSizeBetween(120, 239);
        long step =
                all.get(1).timestamp().getEpochSecond() - all.get(0).timestamp().getEpochSecond();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).timestamp().getEpochSecond())
                    .isEqualTo(all.get(i - 1).timestamp().getEpochSecond() + step);
        }
    }
}

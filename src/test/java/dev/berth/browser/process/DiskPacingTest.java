package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DiskPacingTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final DiskPacing pacing = new DiskPacing(0, 1_000 * MIB);

    @Test
    void foldersAreMeasuredRarelyWhileTheUsedSpaceIsUnchanged() {
        assertThat(pacing.due(SECOND, 1_000 * MIB)).isFalse();
        assertThat(pacing.due(59 * SECOND, 969 * MIB)).isFalse();
        assertThat(pacing.due(60 * SECOND, 1_000 * MIB)).isTrue();
    }

    @Test
    void growthIsMeasuredAtOnce() {
        assertThat(pacing.due(SECOND, 968 * MIB)).isTrue();
        pacing.measured(SECOND, SECOND, 968 * MIB);
        assertThat(pacing.due(2 * SECOND, 968 * MIB)).isFalse();
        assertThat(pacing.due(3 * SECOND, 936 * MIB)).isTrue();
    }

    @Test
    void freedSpaceHidesNoLaterGrowth() {
        assertThat(pacing.due(SECOND, 2_000 * MIB)).isFalse();
        assertThat(pacing.due(2 * SECOND, 1_968 * MIB)).isTrue();
    }

    @Test
    void measuringPausesInProportionToItsDuration() {
        pacing.measured(0, SECOND / 10, 900 * MIB);
        assertThat(pacing.due(2 * SECOND, 100 * MIB)).isFalse();
        assertThat(pacing.due(2 * SECOND + SECOND / 10, 100 * MIB)).isTrue();
    }

    @Test
    void thePauseAfterASlowMeasurementIsBounded() {
        pacing.measured(0, 10 * SECOND, 900 * MIB);
        assertThat(pacing.due(14 * SECOND, 100 * MIB)).isFalse();
        assertThat(pacing.due(15 * SECOND, 100 * MIB)).isTrue();
        assertThat(pacing.due(309 * SECOND, 900 * MIB)).isFalse();
        assertThat(pacing.due(310 * SECOND, 900 * MIB)).isTrue();
        assertThat(pacing.due(10 * SECOND + SECOND / 2, -MIB)).isFalse();
        assertThat(pacing.due(11 * SECOND, -MIB)).isTrue();
    }

    @Test
    void slowMeasurementsWithoutGrowthAreLessFrequent() {
        pacing.measured(0, SECOND / 2, 1_000 * MIB);
        assertThat(pacing.due(250 * SECOND, 1_000 * MIB)).isFalse();
        assertThat(pacing.due(251 * SECOND, 1_000 * MIB)).isTrue();
    }

    @Test
    void aFullDiskIsMeasuredWithoutGrowth() {
        pacing.measured(SECOND, SECOND, -MIB);
        assertThat(pacing.due(2 * SECOND, -MIB)).isTrue();
    }
}

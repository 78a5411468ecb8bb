package dev.berth.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LivedTimeTest {
    private final LivedTime time = new LivedTime();
    private long now = -5;

    private long livedFor(long millis) {
        long before = time.nanosAt(now);
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        return TimeUnit.NANOSECONDS.toMillis(time.nanosAt(now) - before);
    }

    @Test
    void allTimeCountsWithoutAWatch() {
        assertThat(livedFor(60_000)).isEqualTo(60_000);
        assertThat(time.stopsAt(now)).isZero();
    }

    @Test
    void aStopIsExcludedAndCounted() {
        time.watched(now);
        assertThat(livedFor(2_900)).isEqualTo(2_900);
        assertThat(livedFor(20_000)).isZero();
        assertThat(time.stopsAt(now)).isEqualTo(1);
        assertThat(livedFor(500)).isEqualTo(500);
        assertThat(time.stopsAt(now)).isEqualTo(1);
    }

    @Test
    void theFirstReadAfterAStopDetectsIt() {
        time.watched(now);
        now += TimeUnit.SECONDS.toNanos(20);
        assertThat(time.stopsAt(now)).isEqualTo(1);
        assertThat(time.stopsAt(now - 1)).isEqualTo(1);
    }

    @Test
    void stopsAreDetectedUntilTheLastWatchEnds() {
        time.watched(now);
        time.watched(now);
        time.unwatched();
        livedFor(20_000);
        assertThat(time.stopsAt(now)).isEqualTo(1);
        time.unwatched();
        assertThat(livedFor(20_000)).isEqualTo(20_000);
    }
}

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.node.NodeRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {
    private final FailureDetector detector = new FailureDetector();
    /** Negative first: a monotonic clock may be. */
    private long now = -TimeUnit.SECONDS.toNanos(7);

    private static NodeRow row(String machineId, long epoch, long renewals) {
        return new NodeRow(
                machineId,
                epoch,
                "here",
                renewals,
                0,
                "127.0.0.1",
                7_802,
                OptionalInt.of(7_800),
                "1.0",
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
    }

    private List<String> lost(long secondsLater, NodeRow... others) {
        now += TimeUnit.SECONDS.toNanos(secondsLater);
        return detector.read(List.of(others), now).stream()
                .map(NodeRow::machineId)
                .toList();
    }

    private void readFor(long seconds, NodeRow... others) {
        Stream.iterate(0L, at -> at < seconds, at -> at + 1)
                .forEach(at -> assertThat(lost(1, others)).isEmpty());
    }

    @Test
    void aNodeWhoseCounterRestsForFifteenSecondsIsLost() {
        readFor(15, row("a", 1, 3));
        assertThat(lost(1, row("a", 1, 3))).containsExactly("a");
        // Another may have to say it again: the statement found its row locked.
        assertThat(lost(1, row("a", 1, 3))).containsExactly("a");
    }

    @Test
    void aNodeThatRaisesItIsNot() {
        readFor(15, row("a", 1, 3), row("b", 2, 9));
        assertThat(lost(1, row("a", 1, 4), row("b", 2, 9))).containsExactly("b");
        readFor(14, row("a", 1, 4));
    }

    @Test
    void aProcessThatTookItsPlaceBeginsAnew() {
        readFor(15, row("a", 1, 0));
        readFor(15, row("a", 2, 0));
        assertThat(lost(1, row("a", 2, 0))).containsExactly("a");
    }

    @Test
    void readingsMayBeFiveSecondsApart() {
        for (int reading = 0; reading < 3; reading++) {
            assertThat(lost(5, row("a", 1, 3))).isEmpty();
        }
        assertThat(lost(5, row("a", 1, 3))).containsExactly("a");
    }

    /** Postgres was away from all, or this node stood still. */
    @Test
    void aLargerGapBeginsTheTimeAnew() {
        readFor(14, row("a", 1, 3));
        assertThat(lost(6, row("a", 1, 3))).isEmpty();
        readFor(14, row("a", 1, 3));
        assertThat(lost(1, row("a", 1, 3))).containsExactly("a");
    }

    @Test
    void whoWasNotThereMeanwhileBeginsAnew() {
        readFor(14, row("a", 1, 3));
        readFor(1);
        readFor(15, row("a", 1, 3));
    }
}

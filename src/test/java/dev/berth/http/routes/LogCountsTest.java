package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.routes.TimelineRoute.LogCounts;
import dev.berth.http.routes.TimelineRoute.LogCounts.Buckets;
import dev.berth.protocol.LogLines;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogCountsTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    private static LogLines lines(String... entries) {
        return LogLines.of(Stream.of(entries)
                .map(entry -> ("{" + entry.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    private static String at(int seconds) {
        return "'timestamp':'" + FROM.plusSeconds(seconds).plusMillis(5).toString() + "'";
    }

    @Test
    void aSpanHasAtMostSoManyPartsOfWholeMilliseconds() {
        assertThat(Buckets.of(FROM, FROM.plusMillis(1_000), 400)).isEqualTo(buckets(1_000, 3, 334));
        assertThat(Buckets.of(FROM, FROM.plusMillis(10), 400)).isEqualTo(buckets(10, 1, 10));
        assertThat(Buckets.of(FROM, FROM, 400)).isEqualTo(buckets(0, 1, 1));
        assertThat(Buckets.of(FROM, FROM.plusMillis(10), 1)).isEqualTo(buckets(10, 10, 1));
    }

    private static Buckets buckets(long span, long millis, int count) {
        return new Buckets(FROM, FROM.plusMillis(span), millis, count);
    }

    @Test
    void linesAreCountedByLevelAndWhatIsOutsideInTheFirstAndTheLastPart() {
        LogCounts counts = new LogCounts(Buckets.of(FROM, FROM.plusSeconds(30), 3), LogCounts.LEVELS);
        LogLines lines = lines(
                "'level':'error'," + at(-5),
                "'level':'log','message':'\\'level\\':\\'error\\''," + at(1),
                "'level':'warn'," + at(10),
                "'level':'error'," + at(29),
                "'level':'error'," + at(99));
        counts.look(0, lines, 0, 5);
        assertThat(counts.of(0)).containsExactly(1, 0, 2);
        assertThat(counts.of(1)).containsExactly(0, 1, 0);
        assertThat(counts.of(2)).containsExactly(1, 0, 0);
        assertThat(counts.between(0, 2)).containsExactly(1, 1, 2);
    }

    @Test
    void aRequestHasFailedOnceWhereItHasAnErrorOrTheServerRefusedIt() {
        LogCounts counts = new LogCounts(Buckets.of(FROM, FROM.plusSeconds(10), 1), LogCounts.OUTCOMES);
        LogLines lines = lines(
                "'status':200," + at(1) + ",'error':null",
                "'status':404," + at(1) + ",'error':null",
                "'status':503," + at(1) + ",'error':'net::ERR_ABORTED'",
                "'status':null," + at(1) + ",'error':'net::ERR_FAILED'",
                "'status':301," + at(1) + ",'error':null",
                "'status':101," + at(1) + ",'error':null,'messages':{'state':'open','sent':0}",
                "'status':101," + at(1) + ",'error':null,'messages':{'state':'closed','sent':0}");
        counts.look(0, lines, 0, 7);
        assertThat(counts.between(1, 4)).containsExactly(3);
        assertThat(counts.between(1, 5)).as("a WebSocket once").containsExactly(6);
    }
}

package dev.berth.http.routes;

import dev.berth.logs.LogReader;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldIs;
import java.time.Instant;
import java.util.List;

/**
 * Counts the entries of a log by their time and kind. Each kind but the last has a condition: an entry is of the first kind whose condition
 * it meets, and of the last kind where it meets none. Used by one thread at a time.
 */
final class LogCounts implements LogReader.Visitor {
    /** The conditions of the kinds of console lines: error, warning; the third kind is all others. */
    static final List<Condition> LEVELS = List.of(new FieldIs("level", "\"error\""), new FieldIs("level", "\"warn\""));

    /**
     * The conditions of the kinds of requests: a WebSocket's opening, which is counted at its end; without a response; with a status of
     * 4xx; of 5xx. The fifth kind is all others, which went well.
     */
    static final List<Condition> OUTCOMES = List.of(
            new FieldBegins("messages", "{\"state\":\"open\""),
            new FieldBegins("error", "\""),
            new FieldBegins("status", "4"),
            new FieldBegins("status", "5"));

    private final Buckets buckets;
    private final List<List<Condition>> kinds;
    private final int[][] counts;

    LogCounts(Buckets buckets, List<Condition> kinds) {
        this.buckets = buckets;
        this.kinds = kinds.stream().map(List::of).toList();
        this.counts = new int[kinds.size() + 1][buckets.count()];
    }

    /** A span of time in equal parts; the last one may go on beyond its end. */
    record Buckets(Instant from, Instant to, long millis, int count) {
        /** @param most how many parts there are at most; they are of whole milliseconds */
        static Buckets of(Instant from, Instant to, int most) {
            long span = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
            long millis = (span + most - 1) / most;
            return new Buckets(from, to, millis, (int) ((span + millis - 1) / millis));
        }

        /** What is earlier or later is in the first or in the last. */
        int of(long epochMillis) {
            return (int) Math.max(0, Math.min(count - 1, (epochMillis - from.toEpochMilli()) / millis));
        }
    }

    @Override
    public void look(long first, LogLines lines, int from, int to) {
        for (int i = from; i < to; i++) {
            counts[kind(lines, i)][buckets.of(lines.millis(i))]++;
        }
    }

    private int kind(LogLines lines, int index) {
        int kind = 0;
        while (kind < kinds.size() && !lines.matches(index, kinds.get(kind))) {
            kind++;
        }
        return kind;
    }

    /** How many entries of a kind there are: one number for each part of the span. */
    int[] of(int kind) {
        return counts[kind];
    }

    /** How many there are of the kinds from {@code first} on, before {@code end}: one number for each part of the span. */
    int[] between(int first, int end) {
        int[] sum = new int[buckets.count()];
        for (int k = first; k < end; k++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counts[k][i];
            }
        }
        return sum;
    }
}

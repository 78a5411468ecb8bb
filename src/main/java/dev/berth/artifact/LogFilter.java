package dev.berth.artifact;

import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import java.util.List;

/** Collects the matching entries of a log: one page of them, and the count of all. Used by one thread at a time. */
final class LogFilter {
    private final List<? extends Condition> conditions;
    private final long offset;
    private final LogPage page;
    private long count;

    LogFilter(List<? extends Condition> conditions, long offset, int limit) {
        this.conditions = List.copyOf(conditions);
        this.offset = offset;
        this.page = new LogPage(limit);
    }

    void look(long first, LogLines lines, int from, int to) {
        for (int i = from; i < to; i++) {
            if (lines.matches(i, conditions) && count++ >= offset && page.room() > 0) {
                page.add(first + i - from, lines.only(i), 0, 1);
            }
        }
    }

    LogPage page() {
        return page.of(count);
    }
}

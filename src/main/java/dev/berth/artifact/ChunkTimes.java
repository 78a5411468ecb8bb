package dev.berth.artifact;

import dev.berth.protocol.LogLines;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.InstantWithin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From when the entries of sealed chunks are, as far as it was learnt: so who pages through a part of a long log does not load all of it
 * for each page. A chunk's entries never change. For any thread.
 */
final class ChunkTimes {
    /** Some 40 million entries, and 3 MB. */
    private static final int MAX_CHUNKS = 20_000;

    // Guarded by this.
    private final Map<String, Span> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Span> eldest) {
            return size() > MAX_CHUNKS;
        }
    };

    /** The first and the last instant; the entries between need not be in the order of time. */
    private record Span(long firstMillis, long lastMillis) {
        boolean mayMeet(Condition condition) {
            return !(condition instanceof InstantWithin within)
                    || firstMillis < within.toMillis() && lastMillis >= within.fromMillis();
        }
    }

    /** Whether the chunk may have an entry that meets all conditions. */
    synchronized boolean mayMeet(String objectKey, List<? extends Condition> conditions) {
        Span span = known.get(objectKey);
        return span == null || conditions.stream().allMatch(span::mayMeet);
    }

    /** Takes no time for a chunk that is known. */
    void learn(String objectKey, LogLines lines) {
        if (isKnown(objectKey) || lines.count() == 0) {
            return;
        }
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < lines.count(); i++) {
            long millis = lines.millis(i);
            first = Math.min(first, millis);
            last = Math.max(last, millis);
        }
        remember(objectKey, new Span(first, last));
    }

    private synchronized boolean isKnown(String objectKey) {
        return known.containsKey(objectKey);
    }

    private synchronized void remember(String objectKey, Span span) {
        known.put(objectKey, span);
    }
}

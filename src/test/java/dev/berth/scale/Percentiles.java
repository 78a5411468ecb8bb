package dev.berth.scale;

import java.util.Collection;

/** How long answers took. */
final class Percentiles {
    private Percentiles() {}

    static String millis(Collection<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted.length == 0
                ? "nothing"
                : "%.1f ms in the median, %.1f ms at 99 %%"
                        .formatted(sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6);
    }
}

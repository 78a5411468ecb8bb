package dev.berth.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the viewers of sessions, and of the pictures that they are sent or skip. For any thread. */
public final class ViewerCounts {
    private final LongAdder viewers;
    private final Counter sent;
    private final Counter skipped;

    ViewerCounts(Meters meters) {
        viewers = meters.level("berth.viewers", "Connected viewers of live views.", "");
        sent = meters.counter("berth.viewer.frames.sent", "Pictures sent to viewers.", "");
        skipped = meters.counter(
                "berth.viewer.frames.skipped", "Pictures not sent because a newer one replaced them first.", "");
    }

    public void came() {
        viewers.increment();
    }

    public void left() {
        viewers.decrement();
    }

    public void sent() {
        sent.increment();
    }

    public void skipped() {
        skipped.increment();
    }
}

package dev.berth.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Who watches sessions, and what they get. For any thread. */
public final class ViewerCounts {
    private final Adder viewers;
    private final Adder sent;
    private final Adder skipped;

    ViewerCounts(MeterRegistry registry) {
        viewers = Adder.gauge(registry, "berth.viewers", "Viewers of sessions that are connected.", "");
        sent = Adder.counter(registry, "berth.viewer.frames.sent", "Pictures that viewers were sent.", "");
        skipped = Adder.counter(
                registry,
                "berth.viewer.frames.skipped",
                "Pictures that a newer one replaced before a viewer could take them.",
                "");
    }

    public void came() {
        viewers.add(1);
    }

    public void left() {
        viewers.add(-1);
    }

    public void sent() {
        sent.add(1);
    }

    public void skipped() {
        skipped.add(1);
    }
}

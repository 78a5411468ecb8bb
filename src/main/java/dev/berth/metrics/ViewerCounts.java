package dev.berth.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Who watches sessions, and what they get. For any thread. */
public final class ViewerCounts {
    private final Tally viewers;
    private final Tally sent;
    private final Tally skipped;

    ViewerCounts(MeterRegistry registry) {
        viewers = Tally.gauge(registry, "berth.viewers", "Viewers of sessions that are connected.", "");
        sent = Tally.counter(registry, "berth.viewer.frames.sent", "Pictures that viewers were sent.", "");
        skipped = Tally.counter(
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

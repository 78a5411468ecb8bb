package dev.berth.metrics;

import dev.berth.protocol.NodeStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What parts of a node know anyway, read at each scrape. */
final class NodeFigures {
    private final MeterRegistry registry;
    private volatile NodeStatus node = new NodeStatus("", 0, 0, 0, 0, 0, 0, "", true, false);

    NodeFigures(MeterRegistry registry) {
        this.registry = registry;
        sessions("creating", NodeStatus::creating);
        sessions("running", NodeStatus::running);
        sessions("queued", NodeStatus::queued);
        gauge("berth.sessions.capacity", "Maximum of sessions of this node.", "", () -> node.capacity());
        gauge("berth.chromes.warm", "Warm Chromes that no session has yet.", "", () -> node.warm());
        gauge("berth.draining", "Whether this node takes no new sessions.", "", () -> node.draining() ? 1 : 0);
        gauge(
                "jvm.memory.heap.used",
                "Heap in use.",
                "bytes",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        gauge(
                "jvm.threads",
                "Live threads.",
                "",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private void sessions(String status, ToLongFunction<NodeStatus> count) {
        Gauge.builder("berth.sessions", () -> count.applyAsLong(node))
                .description("Live sessions of this node.")
                .tag("status", status)
                .register(registry);
    }

    /** @param unit the end of its name, such as {@code bytes}; empty for a plain number */
    void gauge(String name, String help, String unit, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    void now(NodeStatus status) {
        node = status;
    }

    /**
     * The counter of created sessions. It is written here because Micrometer cuts {@code _created} off a name, as OpenMetrics reserves that
     * ending: its counter would be called {@code berth_sessions_total}.
     */
    String created() {
        return """
                # HELP berth_sessions_created_total Sessions accepted since this node started.
                # TYPE berth_sessions_created_total counter
                berth_sessions_created_total %d
                """.formatted(node.created());
    }
}

package dev.berth.metrics;

import com.sun.management.OperatingSystemMXBean;
import dev.berth.protocol.NodeCommand.NodeStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The metrics of one node, in a registry of its own: nothing is added to that of a Vertx in which the node is a guest. For any thread.
 */
public final class NodeMetrics {
    /** Micrometer cuts {@code _created} off a name, as OpenMetrics reserves that ending. */
    private static final String CREATED = """
            # HELP berth_sessions_created_total Sessions accepted since this node started.
            # TYPE berth_sessions_created_total counter
            berth_sessions_created_total %d
            """;

    private final PrometheusMeterRegistry registry = registry();
    private final Meters meters = new Meters(registry);
    private final SessionCounts sessions = new SessionCounts(meters);
    private final ActionCounts actions = new ActionCounts(meters);
    private final CaptureCounts capture = new CaptureCounts(meters);
    private final RelayCounts relay = new RelayCounts(meters);
    private final ViewerCounts viewers = new ViewerCounts(meters);
    private final AiCounts ai = new AiCounts(meters);
    private final CallTimes postgres = CallTimes.ofPostgres(meters);
    private final CallTimes objectStore = CallTimes.ofObjectStore(meters);
    private final LoopLag lag = new LoopLag(meters);
    private final JvmGcMetrics pauses = new JvmGcMetrics();
    private volatile NodeStatus node = new NodeStatus("", 0, 0, 0, 0, 0, 0, "", true, false);

    public NodeMetrics() {
        sessions("creating", NodeStatus::creating);
        sessions("running", NodeStatus::running);
        sessions("queued", NodeStatus::queued);
        tell("berth.sessions.capacity", "Maximum number of sessions on this node.", "", () -> node.capacity());
        tell("berth.chromes.warm", "Warm Chromes that are ready for a session.", "", () -> node.warm());
        tell("berth.draining", "1 while this node accepts no new sessions, else 0.", "", () -> node.draining() ? 1 : 0);
        tell(
                "jvm.memory.heap.used",
                "Heap in use.",
                "bytes",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        tell(
                "jvm.threads",
                "Live threads.",
                "",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private void sessions(String status, Function<NodeStatus, Number> count) {
        meters.gauge("berth.sessions", "Live sessions of this node.", "", () -> count.apply(node), "status", status);
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // In nanoseconds, where Prometheus has seconds: told below, by the name that its own clients give it.
        made.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        // Only histograms and summaries may have a name that ends so: promtool refuses it.
        made.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        return made;
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    /** Begins to watch the process and the event loops of {@code vertx}, until {@link #close}. */
    public void watch(Vertx vertx) {
        Stream.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        pauses,
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        new FileDescriptorMetrics())
                .forEach(binder -> binder.bindTo(registry));
        FunctionCounter.builder("process.cpu", this, self -> cpuSeconds())
                .description("Processor time of the server, without its Chromes.")
                .baseUnit("seconds")
                .register(registry);
        lag.watch(vertx);
    }

    public SessionCounts sessions() {
        return sessions;
    }

    public ActionCounts actions() {
        return actions;
    }

    public CaptureCounts capture() {
        return capture;
    }

    public RelayCounts relay() {
        return relay;
    }

    public ViewerCounts viewers() {
        return viewers;
    }

    public AiCounts ai() {
        return ai;
    }

    public CallTimes postgres() {
        return postgres;
    }

    public CallTimes objectStore() {
        return objectStore;
    }

    /**
     * Tells a figure at each scrape that some part knows anyway.
     *
     * @param name in small letters, with dots
     * @param unit the end of the metric's name, such as {@code bytes}; empty for a plain number
     * @param value for any thread
     * @param tags names and values by turns; values of a closed set only
     */
    public void tell(String name, String help, String unit, Supplier<Number> value, String... tags) {
        meters.gauge(name, help, unit, value, tags);
    }

    /**
     * Tells at each scrape how often something has happened since the node's start, which some part counts anyway.
     *
     * @param name in small letters, with dots
     * @param tags names and values by turns; values of a closed set only
     * @param count for any thread
     */
    public void count(String name, String help, Supplier<Number> count, String... tags) {
        // Micrometer would hold count itself weakly, and tell its last value for ever once count is collected.
        FunctionCounter.builder(name, this, self -> count.get().doubleValue())
                .description(help)
                .tags(tags)
                .register(registry);
    }

    /** All of them in the text format of Prometheus. Blocks for some milliseconds. */
    String text(NodeStatus now) {
        node = now;
        return registry.scrape() + CREATED.formatted(now.created());
    }

    /** All of them in the text format of Prometheus. */
    public Future<String> text(Vertx vertx, NodeStatus now) {
        return vertx.executeBlocking(() -> text(now), false);
    }

    public void close() {
        lag.stop();
        pauses.close();
        registry.close();
    }
}

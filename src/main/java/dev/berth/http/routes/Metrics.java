package dev.berth.http.routes;

import dev.berth.protocol.NodeStatus;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;

/** Renders a node's metrics in the Prometheus text format. */
final class Metrics {
    private Metrics() {}

    static String render(NodeStatus node, MemoryMXBean memory, ThreadMXBean threads) {
        return """
                # HELP berth_sessions Live sessions of this node.
                # TYPE berth_sessions gauge
                berth_sessions{status="creating"} %d
                berth_sessions{status="running"} %d
                berth_sessions{status="queued"} %d
                # HELP berth_chromes_warm Warm Chromes that no session has yet.
                # TYPE berth_chromes_warm gauge
                berth_chromes_warm %d
                # HELP berth_sessions_capacity Maximum of sessions of this node.
                # TYPE berth_sessions_capacity gauge
                berth_sessions_capacity %d
                # HELP berth_draining Whether this node takes no new sessions.
                # TYPE berth_draining gauge
                berth_draining %d
                # HELP berth_sessions_created_total Sessions accepted since this node started.
                # TYPE berth_sessions_created_total counter
                berth_sessions_created_total %d
                # HELP jvm_memory_heap_used_bytes Heap in use.
                # TYPE jvm_memory_heap_used_bytes gauge
                jvm_memory_heap_used_bytes %d
                # HELP jvm_threads Live threads.
                # TYPE jvm_threads gauge
                jvm_threads %d
                """.formatted(
                        node.creating(),
                        node.running(),
                        node.queued(),
                        node.warm(),
                        node.capacity(),
                        node.draining() ? 1 : 0,
                        node.created(),
                        memory.getHeapMemoryUsage().getUsed(),
                        threads.getThreadCount());
    }
}

package dev.berth.http.routes;

import dev.berth.history.NodeRow;
import io.vertx.core.Future;
import java.util.List;

/** What a node of a cluster has to show of it. */
public interface ClusterTable {
    /** All nodes, and those that left within a day, in the order of their names. */
    Future<List<NodeRow>> nodes();

    /** In the Prometheus text format. */
    String metrics();
}

package dev.berth.cluster;

import dev.berth.database.Database;
import dev.berth.history.node.NodeRepository;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses on which the other nodes of the cluster listen, as their rows in Postgres told last. A node looks for others there when it
 * joins, and again every few seconds. Thread-safe.
 */
public final class NodeAddresses {
    private static final Logger log = LoggerFactory.getLogger(NodeAddresses.class);

    private volatile List<InetSocketAddress> addresses;

    public NodeAddresses(Collection<InetSocketAddress> others) {
        addresses = List.copyOf(others);
    }

    /**
     * The addresses that a node reads before it joins. Empty where there is no table of nodes yet, or where Postgres does not answer, of
     * which the server's start tells then.
     */
    public static Future<NodeAddresses> read(Vertx vertx, URI postgres) {
        Database database = new Database(vertx, postgres, 1);
        return NodeRepository.addresses(database)
                .onFailure(e -> log.debug("the nodes' addresses could not be read: {}", e.getMessage()))
                .otherwise(List.of())
                .map(NodeAddresses::new)
                .eventually(database::close);
    }

    /** @param others host and {@code cluster.port} of each node that lives; names of hosts may be unresolved */
    public void set(Collection<InetSocketAddress> others) {
        addresses = List.copyOf(others);
    }

    /** The addresses, without nodes whose names can't be looked up now. Blocks, in the worst case for the name server's time-out. */
    List<InetSocketAddress> lookUp() {
        return addresses.stream()
                .map(node -> new InetSocketAddress(node.getHostString(), node.getPort()))
                .filter(node -> !node.isUnresolved())
                .toList();
    }
}

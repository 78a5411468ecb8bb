package dev.berth.cluster;

import static dev.berth.fake.Futures.await;

import dev.berth.config.ClusterConfig;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Nodes of this JVM, each at a loopback address that no other test has. */
final class LoopbackNet {
    static final int PORT = 7800;

    final String net = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(255) + ".";
    private final List<Cluster> nodes = new ArrayList<>();

    interface Condition {
        boolean holds() throws Exception;
    }

    /** @param others their numbers */
    Cluster join(int node, Optional<ClusterKeys> keys, Integer... others) throws Exception {
        return join(
                net + node,
                keys,
                Stream.of(others)
                        .map(other -> new InetSocketAddress(net + other, PORT))
                        .toList());
    }

    Cluster join(String host, Optional<ClusterKeys> keys, List<InetSocketAddress> others) throws Exception {
        Cluster joined = await(Cluster.join(
                new VertxOptions().setEventLoopPoolSize(1),
                new ClusterConfig(Optional.of(host), PORT, Optional.of("only the keys matter here")),
                new NodeAddresses(others),
                keys));
        nodes.add(joined);
        if (!others.isEmpty() && nodes.size() > 1) {
            // On a machine that is busy it may have started alone.
            until(joined, () -> sees(joined) > 1);
        }
        return joined;
    }

    private static int sees(Cluster node) {
        return ((VertxInternal) node.vertx()).clusterManager().getNodes().size();
    }

    void leave() throws Exception {
        for (Cluster node : nodes) {
            await(node.leave().eventually(node.vertx()::close));
        }
        nodes.clear();
    }

    static void until(Cluster node, Condition condition) throws Exception {
        while (!condition.holds()) {
            await(node.vertx().timer(20));
        }
    }
}

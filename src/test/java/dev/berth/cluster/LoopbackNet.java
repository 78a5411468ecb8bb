package dev.berth.cluster;

import static dev.berth.fake.Futures.await;

import dev.berth.config.ServerConfig;
import io.vertx.core.VertxOptions;
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

    /** @param members their numbers */
    Cluster join(int node, Optional<ClusterKeys> keys, Integer... members) throws Exception {
        return join(
                net + node,
                keys,
                Stream.of(members).map(member -> net + member + ":" + PORT).toList());
    }

    Cluster join(String host, Optional<ClusterKeys> keys, List<String> members) throws Exception {
        Cluster joined = await(Cluster.join(
                new VertxOptions().setEventLoopPoolSize(1),
                new ServerConfig.Cluster(Optional.of(host), PORT, members, Optional.of("only the keys matter here")),
                keys));
        nodes.add(joined);
        return joined;
    }

    void leave() throws Exception {
        for (Cluster node : nodes) {
            await(node.leave().eventually(node.vertx()::close));
        }
    }

    static void until(Cluster node, Condition condition) throws Exception {
        while (!condition.holds()) {
            await(node.vertx().timer(20));
        }
    }
}

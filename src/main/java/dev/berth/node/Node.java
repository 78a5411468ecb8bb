package dev.berth.node;

import dev.berth.config.ServerConfig;
import dev.berth.metrics.NodeMetrics;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * The services that each part of a node is made with.
 *
 * @param parts where a part says how to end it
 */
public record Node(Vertx vertx, ServerConfig config, DataDir dataDir, NodeMetrics metrics, StartedParts parts) {
    /** How long a part may take to end. */
    public static final long END_SECONDS = 7;

    /** The same node with other settings. */
    public Node with(ServerConfig changed) {
        return new Node(vertx, changed, dataDir, metrics, parts);
    }

    public String machineId() {
        return dataDir.machineId();
    }

    /** Deploys a part, which is undeployed when the node ends. A Vertx that closes has done so itself. */
    Future<Void> deploy(Deployable verticle) {
        return vertx.deployVerticle(verticle)
                .onSuccess(id -> parts.add(() -> vertx.deploymentIDs().contains(id)
                        ? vertx.undeploy(id).timeout(END_SECONDS, TimeUnit.SECONDS)
                        : Future.succeededFuture()))
                .mapEmpty();
    }
}

package dev.berth;

import dev.berth.cluster.Cluster;
import dev.berth.cluster.Heartbeat;
import dev.berth.cluster.Placement;
import dev.berth.config.ServerConfig;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.NodeRow;
import dev.berth.http.routes.ClusterTable;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeDrains;
import dev.berth.session.Elsewhere;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's heartbeat, and what hangs on it: empty where the node is in no cluster. Such a node is never lost. */
record Membership(Optional<Node> node) implements Tenure {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long LAST_FACTS_SECONDS = 3;
    /** The others declare a node lost some seconds later. */
    private static final long MAX_AGE_MILLIS = 10_000;

    private static final long REACH_MILLIS = 100;
    /** A node that starts does not wait longer than 10 s for those that it can't reach. */
    private static final int MAX_REACH_LOOKS = 100;

    /** What a node of a cluster has. */
    record Node(Cluster cluster, Heartbeat heartbeat, Placement placement) {}

    /**
     * Registers the node, before any session can be created or taken for lost.
     *
     * @param place of its data directory
     * @param onLost ends the process, which the other nodes have declared lost
     */
    static Future<Membership> join(
            Vertx vertx,
            Optional<Cluster> cluster,
            ServerConfig config,
            String machineId,
            String place,
            NodeStorage storage,
            StartedParts parts,
            Runnable onLost) {
        return cluster.map(of -> join(vertx, of, config, machineId, place, storage, parts, onLost))
                .orElseGet(() -> Future.succeededFuture(new Membership(Optional.empty())));
    }

    private static Future<Membership> join(
            Vertx vertx,
            Cluster cluster,
            ServerConfig config,
            String machineId,
            String place,
            NodeStorage storage,
            StartedParts parts,
            Runnable onLost) {
        String version = Optional.ofNullable(Membership.class.getPackage().getImplementationVersion())
                .orElse("");
        Applicant process = new Applicant(
                place,
                config.cluster().host().orElseThrow(),
                config.cluster().requestPort(),
                config.cluster().port(),
                version);
        return Heartbeat.join(
                        vertx,
                        config.postgres().uri().orElseThrow(),
                        machineId,
                        process,
                        config.sessions().pricePerHour(),
                        cluster.addresses()::set,
                        onLost)
                .recover(e -> StartException.fail(e.getMessage(), e))
                .map(heartbeat -> {
                    parts.add(() -> leave(heartbeat, storage));
                    storage.epoch().registered(heartbeat.epoch());
                    Placement placement = new Placement(machineId, heartbeat, cluster::isLinkedWith, System::nanoTime);
                    var drains = vertx.eventBus()
                            .<NodeDrains>consumer(
                                    Addresses.DRAINING,
                                    told -> placement.drains(told.body().machineId()));
                    parts.add(drains::unregister);
                    return new Membership(Optional.of(new Node(cluster, heartbeat, placement)));
                });
    }

    /** Where facts still wait on disk, others may not believe that all sessions have ended: then the heartbeat just ends. */
    private static Future<Void> leave(Heartbeat heartbeat, NodeStorage storage) {
        return storage.outbox()
                .caughtUp()
                .compose(told -> heartbeat.release())
                .timeout(LAST_FACTS_SECONDS, TimeUnit.SECONDS)
                .onFailure(e -> log.warn("the other nodes could not be told of this one's stop: {}", e.getMessage()))
                .transform(left -> heartbeat.close());
    }

    /**
     * From now on the node takes sessions, and tells the others of them. Completes once they know, and once this node reaches all that
     * live: nodes that start at the same time find each other some seconds later.
     */
    Future<Void> hold(SessionSupervisor supervisor) {
        return node.map(of -> of.heartbeat.hold(supervisor::describe).compose(told -> reachAll(of, MAX_REACH_LOOKS)))
                .orElseGet(Future::succeededFuture);
    }

    private static Future<Void> reachAll(Node node, int looks) {
        boolean all =
                node.heartbeat.living().stream().map(ClusterNode::machineId).allMatch(node.cluster::isLinkedWith);
        return all || looks == 0
                ? Future.succeededFuture()
                : node.cluster
                        .vertx()
                        .timer(REACH_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(later -> reachAll(node, looks - 1));
    }

    /** @param machineId this node */
    Elsewhere elsewhere(String machineId) {
        return new Elsewhere() {
            @Override
            public Optional<String> better() {
                return node.flatMap(of -> of.placement.next())
                        .map(ClusterNode::machineId)
                        .filter(id -> !id.equals(machineId));
            }

            @Override
            public Optional<String> other() {
                return node.flatMap(of -> of.placement.other()).map(ClusterNode::machineId);
            }
        };
    }

    @Override
    public Future<Void> confirmed() {
        return node.map(of -> of.heartbeat.confirmed()).orElseGet(Future::succeededFuture);
    }

    /** For readiness, by name. */
    Map<String, Supplier<Future<?>>> checks() {
        return node.<Map<String, Supplier<Future<?>>>>map(
                        of -> Map.of("heartbeat", () -> check(of.heartbeat.ageMillis())))
                .orElse(Map.of());
    }

    private static Future<Void> check(long ageMillis) {
        return ageMillis < MAX_AGE_MILLIS
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(
                        ErrorCode.NOT_READY,
                        "this node has told the others nothing for " + TimeUnit.MILLISECONDS.toSeconds(ageMillis)
                                + " s: it does not reach Postgres, or stood still"));
    }

    /** What an operator sees of the cluster. */
    Optional<ClusterTable> table() {
        return node.map(of -> of.heartbeat).map(held -> new ClusterTable() {
            @Override
            public Future<List<NodeRow>> nodes() {
                return held.all();
            }

            @Override
            public String metrics() {
                return render(held.living().size(), held.ageMillis(), held.declared());
            }
        });
    }

    static String render(int nodes, long ageMillis, long declared) {
        return String.format(Locale.ROOT, """
                # HELP berth_cluster_nodes Nodes of the cluster that are alive, this one too.
                # TYPE berth_cluster_nodes gauge
                berth_cluster_nodes %d
                # HELP berth_cluster_heartbeat_age_seconds Time since this node told the others that it lives.
                # TYPE berth_cluster_heartbeat_age_seconds gauge
                berth_cluster_heartbeat_age_seconds %.3f
                # HELP berth_cluster_nodes_lost_total Other nodes that this one declared lost.
                # TYPE berth_cluster_nodes_lost_total counter
                berth_cluster_nodes_lost_total %d
                """, nodes, ageMillis / 1_000.0, declared);
    }
}

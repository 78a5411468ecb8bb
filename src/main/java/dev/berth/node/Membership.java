package dev.berth.node;

import dev.berth.cluster.Cluster;
import dev.berth.cluster.ClusterKeys;
import dev.berth.cluster.Heartbeat;
import dev.berth.cluster.Placement;
import dev.berth.config.ClusterConfig;
import dev.berth.config.ServerConfig;
import dev.berth.history.OwnerRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.http.admin.AdminRoutes.ClusterTable;
import dev.berth.http.forward.Neighbours;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.NodeDrains;
import dev.berth.protocol.SessionId;
import dev.berth.session.SessionSupervisor;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's heartbeat, and what hangs on it: empty where the node is in no cluster. Such a node is never lost. */
public record Membership(Optional<Member> member) {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long LAST_FACTS_SECONDS = 3;
    /** The others declare a node lost some seconds later. */
    private static final long MAX_AGE_MILLIS = 10_000;

    private static final long REACH_MILLIS = 100;
    /** A node that starts does not wait longer than 10 s for those that it can't reach. */
    private static final int MAX_REACH_LOOKS = 100;

    /** The parts of a node of a cluster. */
    public record Member(Cluster cluster, Heartbeat heartbeat, Placement placement) {}

    /**
     * Registers the node, before any session can be created or taken for lost.
     *
     * @param endProcess of a node that the others have declared lost
     */
    public static Future<Membership> join(
            Node node, Optional<Cluster> cluster, NodeStorage storage, Runnable endProcess) {
        return cluster.map(of -> join(node, of, storage, endProcess))
                .orElseGet(() -> Future.succeededFuture(new Membership(Optional.empty())));
    }

    private static Future<Membership> join(Node node, Cluster cluster, NodeStorage storage, Runnable endProcess) {
        ServerConfig config = node.config();
        String machineId = node.machineId();
        String version = Optional.ofNullable(Membership.class.getPackage().getImplementationVersion())
                .orElse("");
        Applicant process = new Applicant(
                node.dataDir().place(),
                config.cluster().host().orElseThrow(),
                config.cluster().requestPort(),
                config.cluster().port(),
                version);
        return Heartbeat.join(
                        node.vertx(),
                        config.postgres().uri().orElseThrow(),
                        machineId,
                        process,
                        config.sessions().pricePerHour(),
                        cluster.addresses()::set,
                        () -> lost(storage, endProcess))
                .recover(e -> StartException.fail(e.getMessage(), e))
                .map(heartbeat -> {
                    node.parts().add(() -> leave(heartbeat, storage));
                    storage.epoch().registered(heartbeat.epoch());
                    count(node.metrics(), heartbeat);
                    Placement placement = new Placement(machineId, heartbeat, cluster::isLinkedWith, System::nanoTime);
                    var drains = node.vertx()
                            .eventBus()
                            .<NodeDrains>consumer(
                                    Addresses.DRAINING,
                                    told -> placement.drains(told.body().machineId()));
                    node.parts().add(drains::unregister);
                    return new Membership(Optional.of(new Member(cluster, heartbeat, placement)));
                });
    }

    /**
     * Other nodes have told that the sessions of this one ended. Facts that were recorded of them from now on would replace that end, so
     * the history is closed first; acknowledged facts are in its journal, for the next process. The process is gone before its Chromes,
     * which exit with their pipes: nobody is told that they crashed. On a thread of its own: event loops may be busy, or may wait for this.
     */
    private static void lost(NodeStorage storage, Runnable endProcess) {
        Thread end = new Thread(
                () -> {
                    try {
                        storage.outbox()
                                .close()
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get(1, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        log.warn("the journal of facts for Postgres was not closed cleanly: {}", e.toString());
                    } finally {
                        endProcess.run();
                    }
                },
                "berth-lost");
        end.start();
    }

    /**
     * Leaves the cluster. Where facts still wait on disk, other nodes may not believe that all sessions have ended: then the heartbeat just
     * ends.
     */
    private static Future<Void> leave(Heartbeat heartbeat, NodeStorage storage) {
        return storage.outbox()
                .caughtUp()
                .compose(told -> heartbeat.release())
                .timeout(LAST_FACTS_SECONDS, TimeUnit.SECONDS)
                .onFailure(
                        e -> log.warn("the other nodes could not be notified that this node stops: {}", e.getMessage()))
                .transform(left -> heartbeat.close());
    }

    /**
     * Lets the node take sessions from now on, and tell the other nodes of them. Completes once they know, and once this node reaches all
     * that live: nodes that start at the same time find each other some seconds later.
     */
    public Future<Void> hold(SessionSupervisor supervisor) {
        return member.map(of -> of.heartbeat.hold(supervisor::describe).compose(told -> reachAll(of, MAX_REACH_LOOKS)))
                .orElseGet(Future::succeededFuture);
    }

    private static Future<Void> reachAll(Member member, int looks) {
        boolean all =
                member.heartbeat.living().stream().map(ClusterNode::machineId).allMatch(member.cluster::isLinkedWith);
        return all || looks == 0
                ? Future.succeededFuture()
                : member.cluster
                        .vertx()
                        .timer(REACH_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(later -> reachAll(member, looks - 1));
    }

    /** A node that has more room than this one; empty where this node has the most. */
    Optional<String> better(String thisNode) {
        return member.flatMap(of -> of.placement.next())
                .map(ClusterNode::machineId)
                .filter(id -> !id.equals(thisNode));
    }

    /** The best of the other nodes, whatever room this one has. */
    Optional<String> other() {
        return member.flatMap(of -> of.placement.other()).map(ClusterNode::machineId);
    }

    /** Whether a node has not been declared lost. */
    boolean lives(String machineId) {
        return member.map(of -> of.heartbeat.living(machineId).isPresent()).orElse(true);
    }

    /** Whether requests can be sent to a node now. */
    boolean linked(String machineId) {
        return member.map(of -> of.cluster.isLinkedWith(machineId)).orElse(true);
    }

    /**
     * The other nodes, as the API knows them; empty where the node belongs to no cluster.
     *
     * @param holds whether a session is on this node
     */
    Optional<Neighbours> neighbours(Node node, Predicate<SessionId> holds, OwnerRepository owners) {
        return member.map(of -> new Neighbours(
                node.machineId(),
                of.heartbeat,
                holds,
                owners,
                of.cluster::isLinkedWith,
                of.placement::next,
                listening(node.config().cluster(), of.cluster.keys()),
                calling(of.cluster.keys())));
    }

    /** @param keys empty where the nodes talk in the clear, on one machine */
    private static HttpServerOptions listening(ClusterConfig config, Optional<ClusterKeys> keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host().orElseThrow())
                .setPort(config.requestPort())
                .setHttp2ClearTextEnabled(false);
        return keys.map(own -> own.server(options)).orElse(options);
    }

    private static HttpClientOptions calling(Optional<ClusterKeys> keys) {
        HttpClientOptions options = new HttpClientOptions();
        return keys.map(own -> own.client(options)).orElse(options);
    }

    public Future<Void> confirmed() {
        return member.map(of -> of.heartbeat.confirmed()).orElseGet(Future::succeededFuture);
    }

    /** For readiness, by name. */
    Map<String, Supplier<Future<?>>> checks() {
        return member.<Map<String, Supplier<Future<?>>>>map(
                        of -> Map.of("heartbeat", () -> check(of.heartbeat.ageMillis())))
                .orElse(Map.of());
    }

    private static Future<Void> check(long ageMillis) {
        return ageMillis < MAX_AGE_MILLIS
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(
                        ErrorCode.NOT_READY,
                        "this node has given no sign of life for " + TimeUnit.MILLISECONDS.toSeconds(ageMillis)
                                + " s: it can't reach Postgres, or it stalled"));
    }

    /** The cluster, as an operator sees it. */
    Optional<ClusterTable> table() {
        return member.map(of -> of.heartbeat::all);
    }

    private static void count(NodeMetrics metrics, Heartbeat heartbeat) {
        metrics.tell(
                "berth.cluster.nodes",
                "Live nodes of the cluster, including this one.",
                "",
                () -> heartbeat.living().size());
        metrics.tell(
                "berth.cluster.heartbeat.age",
                "Time since this node's last heartbeat.",
                "seconds",
                () -> heartbeat.ageMillis() / 1_000.0);
        metrics.count("berth.cluster.nodes.lost", "Nodes that this node declared lost.", heartbeat::declared);
    }
}

package dev.berth;

import dev.berth.agent.AgentVerticle;
import dev.berth.clock.VertxScheduler;
import dev.berth.cluster.AwaitedAnswers;
import dev.berth.cluster.Cluster;
import dev.berth.cluster.HeldSessions;
import dev.berth.cluster.LeaseFigures;
import dev.berth.cluster.NodeLease;
import dev.berth.cluster.PeerBus;
import dev.berth.cluster.Placement;
import dev.berth.config.ServerConfig;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.NodeRow;
import dev.berth.history.SessionHistory;
import dev.berth.http.routes.ClusterTable;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeDrains;
import dev.berth.protocol.NodeStatus;
import dev.berth.session.Elsewhere;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's lease, and what hangs on it. A node that is in no cluster has none, and may always hold sessions. */
record Membership(
        Optional<Cluster> cluster,
        Optional<NodeLease> lease,
        Optional<Placement> placement,
        Optional<AwaitedAnswers> answers)
        implements Tenure {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long LAST_FACTS_SECONDS = 3;

    /**
     * Registers the node, before any session can be created or taken for lost.
     *
     * @param place of its data directory
     */
    static Future<Membership> join(
            Vertx vertx,
            Optional<Cluster> cluster,
            ServerConfig config,
            String machineId,
            String place,
            NodeStorage storage,
            StartedParts parts) {
        Predicate<String> linked =
                id -> cluster.map(known -> known.isLinkedWith(id)).orElse(true);
        Optional<AwaitedAnswers> answers = vertx.isClustered()
                ? Optional.of(AwaitedAnswers.start(
                        new VertxScheduler(vertx),
                        id -> cluster.map(known -> known.processOf(id)).orElse(Optional.of(id))))
                : Optional.empty();
        answers.ifPresent(awaited -> parts.add(awaited::close));
        if (!config.cluster().enabled()) {
            return Future.succeededFuture(
                    new Membership(Optional.empty(), Optional.empty(), Optional.empty(), answers));
        }
        if (!vertx.isClustered()) {
            return StartException.fail(
                    "cluster.host (BERTH_CLUSTER_HOST) is set, but the Vertx that this Berth was deployed into is not clustered",
                    null);
        }
        String version = Optional.ofNullable(Membership.class.getPackage().getImplementationVersion())
                .orElse("");
        Applicant process = new Applicant(
                place, config.cluster().host().orElseThrow(), config.cluster().requestPort(), version);
        return PeerBus.start(vertx, machineId, cluster)
                .onSuccess(peers -> parts.add(peers::close))
                .compose(peers -> NodeLease.join(
                                vertx,
                                config.postgres().uri().orElseThrow(),
                                machineId,
                                process,
                                config.sessions().pricePerHour(),
                                peers)
                        .recover(e -> StartException.fail(e.getMessage(), e))
                        .onSuccess(lease -> parts.add(() -> leave(lease, storage)))
                        .map(lease -> {
                            Placement placement = new Placement(machineId, lease, linked, System::nanoTime);
                            var drains = vertx.eventBus()
                                    .<NodeDrains>consumer(
                                            Addresses.DRAINING,
                                            told -> placement.drains(told.body().machineId()));
                            parts.add(drains::unregister);
                            return new Membership(cluster, Optional.of(lease), Optional.of(placement), answers);
                        }));
    }

    /** Where facts still wait on disk, others may not believe that all sessions have ended: then the lease just ends. */
    private static Future<Void> leave(NodeLease lease, NodeStorage storage) {
        return storage.outbox()
                .caughtUp()
                .compose(told -> lease.release())
                .timeout(LAST_FACTS_SECONDS, TimeUnit.SECONDS)
                .onFailure(e -> log.warn("the lease could not be given back: {}", e.getMessage()))
                .transform(left -> lease.close());
    }

    /** From now on the node takes sessions, and tells the others of them. Completes once they know. */
    Future<Void> hold(SessionSupervisor supervisor, Optional<AgentVerticle> agent) {
        return lease.map(held -> held.hold(held(supervisor, agent))).orElseGet(Future::succeededFuture);
    }

    private static HeldSessions held(SessionSupervisor supervisor, Optional<AgentVerticle> agent) {
        return new HeldSessions() {
            @Override
            public Future<NodeStatus> status() {
                return supervisor.describe();
            }

            @Override
            public Future<?> endAll(String detail) {
                agent.ifPresent(AgentVerticle::lose);
                return supervisor.lose(detail);
            }
        };
    }

    /** @param machineId this node */
    Elsewhere elsewhere(String machineId) {
        return new Elsewhere() {
            @Override
            public Optional<String> better() {
                return placement
                        .flatMap(Placement::next)
                        .map(ClusterNode::machineId)
                        .filter(id -> !id.equals(machineId));
            }

            @Override
            public Optional<String> other() {
                return placement.flatMap(Placement::other).map(ClusterNode::machineId);
            }

            @Override
            public <T> Future<T> answer(String node, Future<T> answer) {
                return answers.map(awaited -> awaited.of(node, answer)).orElse(answer);
            }
        };
    }

    /**
     * Whether a node can be sent requests now, as far as this one knows: always, where the Vertx is clustered by its owner. For any
     * thread.
     */
    boolean isLinkedWith(String machineId) {
        return cluster.map(known -> known.isLinkedWith(machineId)).orElse(true);
    }

    @Override
    public Optional<String> refusal() {
        return lease.flatMap(NodeLease::refusal);
    }

    /** Fails while the node may hold no sessions. */
    Future<Void> check() {
        return failing(refusal());
    }

    private static Future<Void> failing(Optional<String> why) {
        return why.<Future<Void>>map(text -> Future.failedFuture(new BerthException(ErrorCode.NOT_READY, text)))
                .orElseGet(Future::succeededFuture);
    }

    /** For readiness, by name. */
    Map<String, Supplier<Future<?>>> checks() {
        Map<String, Supplier<Future<?>>> checks = new HashMap<>();
        lease.ifPresent(held -> checks.put("lease", this::check));
        return checks;
    }

    /** What an operator sees of the cluster. */
    Optional<ClusterTable> table() {
        return lease.map(held -> new ClusterTable() {
            @Override
            public Future<List<NodeRow>> nodes() {
                return held.all();
            }

            @Override
            public long leaseMillis() {
                return NodeLease.leaseMillis();
            }

            @Override
            public String metrics() {
                return render(held.figures());
            }
        });
    }

    static String render(LeaseFigures figures) {
        return String.format(
                Locale.ROOT, """
                # HELP berth_cluster_nodes Nodes of the cluster that are alive, this one too.
                # TYPE berth_cluster_nodes gauge
                berth_cluster_nodes %d
                # HELP berth_cluster_lease_age_seconds Time since this node renewed its lease.
                # TYPE berth_cluster_lease_age_seconds gauge
                berth_cluster_lease_age_seconds %.3f
                # HELP berth_cluster_rejoins_total How often this node came back: it had lost its lease.
                # TYPE berth_cluster_rejoins_total counter
                berth_cluster_rejoins_total %d
                # HELP berth_cluster_nodes_lost_total Other nodes that this one declared lost.
                # TYPE berth_cluster_nodes_lost_total counter
                berth_cluster_nodes_lost_total %d
                """, figures.nodes(), figures.ageMillis() / 1_000.0, figures.rejoins(), figures.lost());
    }

    /** A node without its lease corrects nothing: what is recorded as its own may be another process's. */
    SessionHistory.Lost correcting(LostSessions lost) {
        return (at, held) -> check().compose(may -> lost.correct(at, held));
    }
}

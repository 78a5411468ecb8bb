package dev.berth;

import dev.berth.agent.AgentVerticle;
import dev.berth.cluster.HeldSessions;
import dev.berth.cluster.NodeLease;
import dev.berth.cluster.Placement;
import dev.berth.config.ServerConfig;
import dev.berth.history.LostSessions;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.AskPostgres;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeStatus;
import dev.berth.protocol.PostgresSeen;
import dev.berth.protocol.SessionClient;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's lease, and what hangs on it. A node that is in no cluster has none, and may always hold sessions. */
record Membership(Optional<NodeLease> lease, Optional<Placement> placement) implements Tenure {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long LAST_FACTS_SECONDS = 3;

    /**
     * Registers the node, before any session can be created or taken for lost.
     *
     * @param place of its data directory
     */
    static Future<Membership> join(
            Vertx vertx, ServerConfig config, String machineId, String place, NodeStorage storage, StartedParts parts) {
        if (!config.cluster().enabled()) {
            return Future.succeededFuture(new Membership(Optional.empty(), Optional.empty()));
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
        SessionClient client = new SessionClient(vertx);
        return NodeLease.join(
                        vertx,
                        config.postgres().uri().orElseThrow(),
                        machineId,
                        process,
                        config.sessions().pricePerHour(),
                        node -> client.reachesPostgres(node).map(PostgresSeen::reachableMillis))
                .recover(e -> StartException.fail(e.getMessage(), e))
                .onSuccess(lease -> parts.add(() -> leave(lease, storage)))
                .compose(lease -> answer(vertx, machineId, lease, parts)
                        .map(new Membership(Optional.of(lease), Optional.of(new Placement(machineId, lease)))));
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

    private static Future<Void> answer(Vertx vertx, String machineId, NodeLease lease, StartedParts parts) {
        MessageConsumer<AskPostgres> questions = vertx.eventBus()
                .consumer(
                        Addresses.lease(machineId),
                        asked -> lease.reachesPostgres().onSuccess(millis -> asked.reply(new PostgresSeen(millis))));
        parts.add(() -> questions.unregister());
        return questions.completion();
    }

    /** From now on the node takes sessions, and tells the others of them. */
    void hold(SessionSupervisor supervisor, Optional<AgentVerticle> agent) {
        lease.ifPresent(held -> held.hold(new HeldSessions() {
            @Override
            public Future<NodeStatus> status() {
                return supervisor.describe();
            }

            @Override
            public Future<?> endAll(String detail) {
                agent.ifPresent(AgentVerticle::lose);
                return supervisor.lose(detail);
            }
        }));
    }

    /** Another node that is to make the next session; empty where this one is. */
    Optional<String> elsewhere(String machineId) {
        return placement.flatMap(Placement::next).map(ClusterNode::machineId).filter(id -> !id.equals(machineId));
    }

    @Override
    public Optional<String> refusal() {
        return lease.flatMap(NodeLease::refusal);
    }

    /** Fails while the node may hold no sessions. */
    Future<Void> check() {
        return refusal()
                .<Future<Void>>map(why -> Future.failedFuture(new BerthException(ErrorCode.NOT_READY, why)))
                .orElseGet(Future::succeededFuture);
    }

    /** A node without its lease corrects nothing: what is recorded as its own may be another process's. */
    SessionHistory.Lost correcting(LostSessions lost) {
        return (at, held) -> check().compose(may -> lost.correct(at, held));
    }
}

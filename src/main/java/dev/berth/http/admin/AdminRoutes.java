package dev.berth.http.admin;

import dev.berth.access.AdminLog;
import dev.berth.access.AdminLog.Act;
import dev.berth.history.node.NodeRow;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.SessionClient;
import dev.berth.retention.Reconciler;
import dev.berth.retention.Reconciler.Report;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The routes of a server's operator, who calls them by the key of an admin. */
public final class AdminRoutes {
    private final String machineId;
    private final long drainSeconds;
    private final SessionClient client;
    private final Optional<ClusterTable> cluster;
    private final AdminAccess access;
    private final AdminLog log;
    private final Reconciler reconciler;

    /** @param drainSeconds how long sessions may go on where a request does not say it */
    public AdminRoutes(
            String machineId,
            long drainSeconds,
            SessionClient client,
            Optional<ClusterTable> cluster,
            AdminAccess access,
            AdminLog log,
            Reconciler reconciler) {
        this.machineId = machineId;
        this.drainSeconds = drainSeconds;
        this.client = client;
        this.cluster = cluster;
        this.access = access;
        this.log = log;
        this.reconciler = reconciler;
    }

    /** The table of a cluster's nodes, as each node shows it. */
    public interface ClusterTable {
        /** All nodes, and those that left within a day, in the order of their names. */
        Future<List<NodeRow>> nodes();
    }

    /** The nodes of the cluster; where there is none, this one. */
    public record Nodes(List<NodeView> nodes) {
        public Nodes {
            nodes = List.copyOf(nodes);
        }
    }

    public Future<Nodes> nodes(RoutingContext ctx) {
        return AdminAccess.require(ctx)
                .compose(admin -> cluster.map(this::table)
                        .orElseGet(() ->
                                client.describe(machineId).map(status -> new Nodes(List.of(NodeView.alone(status))))));
    }

    private Future<Nodes> table(ClusterTable of) {
        return of.nodes()
                .map(rows -> new Nodes(rows.stream()
                        .map(row -> NodeView.of(row, row.machineId().equals(machineId)))
                        .toList()));
    }

    /** The response to a drain. */
    public record Draining(String machineId, boolean draining, int sessions, long seconds) {}

    /** The response to the end of a drain. */
    public record Undrained(String machineId, boolean draining, int sessions) {}

    private static int sessions(NodeStatus node) {
        return node.creating() + node.running() + node.queued();
    }

    /** Logs what an admin does to this node; fails where another node is meant. */
    private Future<Void> act(RoutingContext ctx, Act act, String done, JsonObject details) {
        String meant = JsonBody.of(ctx).getString("machineId", machineId);
        return access.admin(ctx)
                .compose(by -> meant.equals(machineId)
                        ? log.add(by, act, machineId, details)
                        : Future.failedFuture(new BerthException(
                                ErrorCode.CONFLICT,
                                "machineId: the request reached node " + machineId + ", which was not " + done,
                                "send the request to " + meant + " directly; a load balancer may pick any node")));
    }

    public Future<Draining> drain(RoutingContext ctx) {
        long seconds = JsonBody.of(ctx).getLong("seconds", drainSeconds);
        return act(ctx, Act.NODE_DRAINED, "drained", new JsonObject().put("seconds", seconds))
                .compose(logged -> client.drain(machineId, TimeUnit.SECONDS.toMillis(seconds)))
                .map(node -> new Draining(machineId, node.draining(), sessions(node), seconds));
    }

    public Future<Undrained> undrain(RoutingContext ctx) {
        return act(ctx, Act.NODE_UNDRAINED, "undrained", new JsonObject())
                .compose(logged -> client.undrain(machineId))
                .map(node -> new Undrained(machineId, node.draining(), sessions(node)));
    }

    /** The log of admins' acts. */
    public Future<AdminLog.Page> log(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return AdminAccess.require(ctx)
                .compose(admin -> log.list(query.limit(AccessRoutes.DEFAULT_LIMIT), query.offset()));
    }

    /** Compares the object store with Postgres. */
    public Future<Report> reconcile(RoutingContext ctx) {
        return AdminAccess.require(ctx)
                .compose(admin -> reconciler.run(JsonBody.of(ctx).getBoolean("remove", false)));
    }
}

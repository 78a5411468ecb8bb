package dev.berth.history.node;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.NodeCommand.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of the cluster's nodes. Every time in them is by Postgres's clock. Thread-safe. */
public final class NodeRepository {
    private static final Logger log = LoggerFactory.getLogger(NodeRepository.class);

    private final Database database;
    private final String machineId;

    /**
     * @param database used by nobody else: a renewal must not wait for other queries
     * @param machineId this node
     */
    public NodeRepository(Database database, String machineId) {
        this.database = database;
        this.machineId = machineId;
    }

    private static final String COLUMNS = """
            machine_id, epoch, place, renewals, host, request_port, cluster_port, version, status, registered_at, renewed_at, lost_at, released_at,
            (extract(epoch from clock_timestamp() - renewed_at) * 1000)::bigint as age_millis
            """;

    private static final String ADDRESSES = """
            select host, cluster_port from nodes
            where lost_at is null and released_at is null and cluster_port is not null
            """;

    /**
     * The addresses on which living nodes listen for each other, by their rows. Fails where the schema is of an earlier version, or not
     * there yet.
     */
    public static Future<List<InetSocketAddress>> addresses(Database database) {
        return database.list(
                ADDRESSES,
                row -> InetSocketAddress.createUnresolved(row.getString("host"), row.getInteger("cluster_port")));
    }

    private static final String FIND = "select " + COLUMNS + " from nodes where machine_id = $1";

    /** This node's row, which may be an earlier process's. */
    public Future<Optional<NodeRow>> find() {
        return database.first(FIND, NodeRepository::row, machineId);
    }

    private static final String REGISTER = """
            insert into nodes as n (machine_id, epoch, place, host, request_port, cluster_port, version, registered_at, renewed_at)
            values ($1, nextval('node_epochs'), $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp())
            on conflict (machine_id) do update set epoch = excluded.epoch, place = excluded.place, host = excluded.host,
                request_port = excluded.request_port, cluster_port = excluded.cluster_port, version = excluded.version, status = null,
                renewals = 0, registered_at = excluded.registered_at, renewed_at = excluded.renewed_at, lost_at = null,
                released_at = null
            where n.epoch = $7 and n.renewals = $8
            returning epoch
            """;

    /**
     * A process that wants to be this node.
     *
     * @param place of its data directory: see {@link NodeRow}
     * @param host at which other nodes reach it
     * @param clusterPort where its membership listens
     */
    public record Applicant(String place, String host, int requestPort, int clusterPort, String version) {}

    /**
     * Registers a process as this node; gives its epoch. Empty if the row has changed meanwhile: then look again.
     *
     * @param instead the row that was found; its process is not this node any more then
     */
    public Future<Optional<Long>> register(Applicant process, Optional<NodeRow> instead) {
        return database.first(
                REGISTER,
                registered -> registered.getLong(0),
                machineId,
                process.place,
                process.host,
                process.requestPort,
                process.clusterPort,
                process.version,
                instead.map(NodeRow::epoch).orElse(-1L),
                instead.map(NodeRow::renewals).orElse(-1L));
    }

    private static final String RENEW = """
            with mine as (
                update nodes set renewals = renewals + 1, renewed_at = clock_timestamp(), status = coalesce($3::json, status)
                where machine_id = $1 and epoch = $2 and released_at is null
                returning *)
            select %1$s from mine
            union all
            select %1$s from nodes
            where machine_id <> $1 and lost_at is null and released_at is null and exists (select from mine)
            """.formatted(COLUMNS);

    /**
     * Raises this node's counter, and reads all nodes that are neither lost nor released, this one first. An empty list means that
     * this process is not this node any more.
     */
    public Future<List<NodeRow>> renew(long epoch, Optional<NodeStatus> status) {
        return database.list(RENEW, NodeRepository::row, machineId, epoch, status.map(Sql::json));
    }

    private static final String RELEASE = """
            update nodes set released_at = clock_timestamp() where machine_id = $1 and epoch = $2
            """;

    /** Leaves, so that nobody takes it for lost. To be called once no session is left. */
    public Future<Void> release(long epoch) {
        return database.rows(RELEASE, machineId, epoch).mapEmpty();
    }

    private static final String LIST = "select " + COLUMNS + """
            from nodes where lost_at is null and released_at is null
                or greatest(lost_at, released_at) > now() - interval '1 day'
            order by machine_id limit 1000
            """;

    /** All nodes, and those that left within a day, in the order of their names. */
    public Future<List<NodeRow>> list() {
        return database.list(LIST, NodeRepository::row);
    }

    private static final String LEFT_BEHIND = "select " + COLUMNS + """
            from nodes where greatest(lost_at, released_at) > now() - interval '1 day' and (
                exists (select from sessions where sessions.machine_id = nodes.machine_id and ended_at is null
                    and (queue_number is null or ends_with_node))
                or exists (select from tasks where tasks.machine_id = nodes.machine_id and completed_at is null))
            """;

    /**
     * Nodes that are lost or released, but have open sessions or tasks: those that a stopped process still claimed, and those whose rows
     * were locked.
     */
    public Future<List<NodeRow>> departedWithSessions() {
        return database.list(LEFT_BEHIND, NodeRepository::row);
    }

    private static NodeRow row(Row row) {
        return new NodeRow(
                row.getString("machine_id"),
                row.getLong("epoch"),
                row.getString("place"),
                row.getLong("renewals"),
                row.getLong("age_millis"),
                row.getString("host"),
                row.getInteger("request_port"),
                row.getInteger("cluster_port") == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(row.getInteger("cluster_port")),
                row.getString("version"),
                status(row),
                Sql.instant(row, "registered_at"),
                Sql.instant(row, "renewed_at"),
                Sql.optionalInstant(row, "lost_at"),
                Sql.optionalInstant(row, "released_at"));
    }

    /** The status of a node; empty where the node has another version whose status can't be read here. */
    private static Optional<NodeStatus> status(Row row) {
        JsonObject told = (JsonObject) row.getJson("status");
        if (told == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Sql.parse(told, new TypeReference<NodeStatus>() {}));
        } catch (IllegalStateException e) {
            log.debug("the status of {} can't be read", row.getString("machine_id"), e);
            return Optional.empty();
        }
    }
}

package dev.berth.scale;

import dev.berth.history.Database;
import io.vertx.sqlclient.Row;
import java.util.List;

/** What happened on the bus and in Postgres between two moments. */
final class Rates {
    private static final String COUNTERS = """
            select xact_commit, tup_inserted + tup_updated + tup_deleted as written from pg_stat_database
            where datname = current_database()
            """;

    private final Database database;
    private final List<SimulatedNode> nodes;
    private final long start = System.nanoTime();
    private final Row before;
    private final long sentBefore;

    private Rates(Database database, List<SimulatedNode> nodes) {
        this.database = database;
        this.nodes = nodes;
        this.before = counters();
        this.sentBefore = sent();
    }

    static Rates begin(Database database, List<SimulatedNode> nodes) {
        return new Rates(database, nodes);
    }

    String end() {
        double seconds = (System.nanoTime() - start) / 1e9;
        Row after = counters();
        return "%.0f messages/s on the bus, %.0f transactions/s and %.0f rows/s written in Postgres"
                .formatted(
                        (sent() - sentBefore) / seconds,
                        (after.getLong(0) - before.getLong(0)) / seconds,
                        (after.getLong(1) - before.getLong(1)) / seconds);
    }

    private Row counters() {
        return Simulation.await(database.pool().query(COUNTERS).execute())
                .iterator()
                .next();
    }

    private long sent() {
        return nodes.stream().mapToLong(node -> node.sent.get()).sum();
    }
}

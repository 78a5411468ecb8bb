package dev.berth.bench;

import dev.berth.database.Database;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What a session takes that is used: of the machine, of Postgres and of the object store. Each figure is taken once. */
final class SizingRows implements Measurement {
    private static final int SESSIONS = 8;
    private static final long SETTLE_MILLIS = 10_000;
    private static final int SECONDS = 40;
    private static final int SCREENSHOT_SECONDS = 10;
    private static final long SECOND = 1_000;
    private static final double KIB = 1 << 10;
    private static final String USE = SESSIONS
            + " sessions, each on a page that makes 20 requests and writes 5 console lines a second, while its client"
            + " evaluates once a second and takes a screenshot every " + SCREENSHOT_SECONDS + " s; over " + SECONDS
            + " s.";

    /** All that is counted, at one moment. */
    private record Counts(double treeCpu, double serverCpu, double rows, double commits, double stored) {
        Counts since(Counts before) {
            double share = (double) SECONDS * SESSIONS;
            return new Counts(
                    (treeCpu - before.treeCpu) / share,
                    (serverCpu - before.serverCpu) / share,
                    (rows - before.rows) / share,
                    (commits - before.commits) / share,
                    (stored - before.stored) / share);
        }
    }

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Map<String, String> settings = new HashMap<>(rig.warm.shared());
        URI store = URI.create(settings.get("BERTH_S3_ENDPOINT"));
        Splice counted = new Splice(rig.clients, store.getHost(), store.getPort());
        settings.put("BERTH_S3_ENDPOINT", "http://127.0.0.1:" + counted.port());
        settings.put("BERTH_POOL_SIZE", "0");
        settings.put("BERTH_CHROME_FIRST_UID", "64000");
        Database database = new Database(rig.clients, URI.create(settings.get("BERTH_POSTGRES_URI")), 1);
        ServerProcess server = ServerProcess.start(rig.folder.resolve("sized"), settings);
        try {
            double empty = server.treeMib();
            List<Api.Session> sessions = open(rig, server);
            use(sessions, (int) (SETTLE_MILLIS / SECOND));
            Counts before = counts(server, database, counted);
            use(sessions, SECONDS);
            Counts each = counts(server, database, counted).since(before);
            return rows(each, (server.treeMib() - empty) / SESSIONS);
        } finally {
            server.stop();
            counted.close();
            Rig.await(database.close());
        }
    }

    private static List<Api.Session> open(Rig rig, ServerProcess server) {
        return Stream.generate(() -> server.api.open(rig.site.working().url)).limit(SESSIONS).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static void use(List<Api.Session> sessions, int seconds) {
        long begun = System.nanoTime();
        for (int second = 0; second < seconds; second++) {
            List<CompletableFuture<JsonObject>> asked = new ArrayList<>();
            for (Api.Session session : sessions) {
                asked.add(session.evaluate());
                if (second % SCREENSHOT_SECONDS == 0) {
                    asked.add(session.screenshot());
                }
            }
            asked.forEach(CompletableFuture::join);
            Rig.pause(Math.max(0, (second + 1) * SECOND - (System.nanoTime() - begun) / 1_000_000));
        }
    }

    private static Counts counts(ServerProcess server, Database database, Splice store) {
        var found = Rig.await(database.pool().query("""
                select sum(tup_inserted + tup_updated + tup_deleted)::bigint as rows, sum(xact_commit)::bigint as commits
                from pg_stat_database""").execute()).iterator().next();
        return new Counts(
                server.treeCpuSeconds(),
                server.cpuSeconds(),
                found.getLong("rows"),
                found.getLong("commits"),
                store.bytesThere());
    }

    private static Row row(String name, String unit, double figure, String compared) {
        return new Row(name, unit, Pair.of(figure, Double.NaN), Budget.NONE, compared);
    }

    private static List<Row> rows(Counts each, double mib) {
        return List.of(
                row("processor, active session with its Chrome", "% of a core", 100 * each.treeCpu(), USE),
                row("processor, the server's part of that", "% of a core", 100 * each.serverCpu(), "The JVM's alone."),
                row("PSS, active session with its Chrome", "MiB", mib, "At the end of that."),
                row("Postgres rows written, active session", "rows per s", each.rows(), "Inserted, updated, deleted."),
                row("Postgres commits, active session", "commits per s", each.commits(), "Reads included."),
                row(
                        "sent to the object store, active session",
                        "KiB per s",
                        each.stored() / KIB,
                        "Counted on its connections: logs and screenshots, headers included."));
    }
}

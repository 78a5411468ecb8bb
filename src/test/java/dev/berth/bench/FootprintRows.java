package dev.berth.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What idle sessions take: memory, threads, and processor time. Each figure is taken once. */
final class FootprintRows implements Measurement {
    private static final int FEW = 10;
    private static final int MANY = 50;
    private static final long SETTLE_MILLIS = 12_000;
    private static final long CPU_MILLIS = 20_000;
    private static final double MIB = 1 << 20;

    /** A server that holds so many idle sessions. */
    private record Footprint(int sessions, double heapMib, double threads, double treeMib, double jvmMib) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d: heap %.1f MiB, %.0f threads, PSS %.0f MiB (the JVM %.0f)",
                    sessions,
                    heapMib,
                    threads,
                    treeMib,
                    jvmMib);
        }
    }

    @Override
    public List<Row> run(Rig rig) throws Exception {
        double raw = rawChromesMib(rig);
        // No pool: as many Chromes on both sides.
        ServerProcess server = ServerProcess.start(
                rig.folder.resolve("own"),
                Map.of("BERTH_POOL_SIZE", "0", "BERTH_SESSIONS_MAX", "64", "BERTH_CHROME_FIRST_UID", "64000"));
        try {
            Footprint one = footprint(server, 1);
            Footprint few = footprint(server, FEW);
            Footprint many = footprint(server, MANY);
            Benchmark.progress("footprint, processor");
            double before = server.cpuSeconds();
            Rig.pause(CPU_MILLIS);
            return rows(raw, one, few, many, server.cpuSeconds() - before);
        } finally {
            server.stop();
        }
    }

    private static double rawChromesMib(Rig rig) throws Exception {
        List<ChromeTree> chromes = new ArrayList<>();
        try {
            for (int i = 0; i < FEW; i++) {
                chromes.add(rig.hands.launch("about:blank"));
            }
            Rig.pause(SETTLE_MILLIS);
            return chromes.stream()
                    .mapToDouble(chrome -> ServerProcess.mib(ChromeTree.tree(chrome.root())))
                    .sum();
        } finally {
            chromes.forEach(ChromeTree::end);
        }
    }

    private static Footprint footprint(ServerProcess server, int sessions) throws Exception {
        Benchmark.progress("footprint, " + sessions + " sessions");
        int more = sessions - (int) server.metric("berth_sessions{status=\"running\"}");
        List<CompletableFuture<Api.Session>> created = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            created.add(server.api.create(new JsonObject()));
        }
        List<Api.Session> fresh = created.stream().map(CompletableFuture::join).toList();
        Rig.waitUntil(() -> server.metric("berth_sessions{status=\"running\"}") == sessions, 100);
        Rig.pause(SETTLE_MILLIS);
        double treeMib = server.treeMib();
        double jvmMib = server.ownMib();
        // What a session holds for its first verb, it holds from then on.
        fresh.stream().map(Api.Session::evaluate).toList().forEach(CompletableFuture::join);
        server.collectGarbage();
        return new Footprint(
                sessions,
                server.metric("jvm_memory_heap_used_bytes") / MIB,
                server.metric("jvm_threads"),
                treeMib,
                jvmMib);
    }

    private static List<Row> rows(double raw, Footprint one, Footprint few, Footprint many, double cpuSeconds) {
        String all = " Sessions " + one.text() + "; " + few.text() + "; " + many.text() + ".";
        double more = many.sessions() - one.sessions();
        return List.of(
                new Row(
                        "PSS of " + FEW + " idle sessions",
                        "MiB",
                        Pair.of(few.treeMib(), raw),
                        Budget.aboveReferenceAtMost(200, "MiB"),
                        "A server process with all that is below it, embedded Postgres included, no pool, with the README's JVM flags, against "
                                + FEW + " Chromes launched by hand; before a verb is used." + all),
                new Row(
                        "server heap per idle session",
                        "MiB",
                        Pair.of((many.heapMib() - one.heapMib()) / more, Double.NaN),
                        Budget.atMost(0.25, "MiB"),
                        "After a verb in each and a garbage collection: the difference of 1 and " + MANY
                                + " sessions, for each session."),
                new Row(
                        "server threads per idle session",
                        "threads",
                        Pair.of((many.threads() - one.threads()) / more, Double.NaN),
                        Budget.atMost(2, "threads"),
                        "The same difference."),
                new Row(
                        "processor, 100 idle sessions",
                        "% of a core",
                        Pair.of(100 * cpuSeconds * 1e3 / CPU_MILLIS * 100 / MANY, Double.NaN),
                        Budget.atMost(1, "%"),
                        "Processor time of the server's JVM alone, with " + MANY + " sessions, for 100."));
    }
}

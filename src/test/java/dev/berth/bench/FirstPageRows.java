package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** How long until a first page is loaded: by its own word, which reaches the site in the same way on both sides. */
final class FirstPageRows implements Measurement {
    /** A server runs long: its code is compiled. */
    private static final int WARM_UPS = 15;

    private static final int TIMES = 11;
    private static final int STORMS = 7;
    private static final int AT_ONCE = 8;
    private static final int WARM_AT_ONCE = 10;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            create(rig, rig.warm.api);
            create(rig, rig.cold.api);
        }
        Pair warm = Pair.interleave(TIMES, () -> create(rig, rig.warm.api), () -> launch(rig));
        Pair cold = Pair.interleave(TIMES, () -> create(rig, rig.cold.api), () -> launch(rig));
        return List.of(
                new Row(
                        "create → first page loaded, warm pool",
                        "ms",
                        warm,
                        Budget.ratioAtMost(0.25),
                        "POST /api/sessions with the page as initialPrompt, against launching the same Chrome by hand on that page;"
                                + " each until the page's onload request reaches the site."),
                new Row(
                        "the same, cold",
                        "ms",
                        cold,
                        Budget.ratioAtMost(1.05),
                        "The same, by a server without a pool."),
                storm(rig),
                warmStorm(rig));
    }

    private static Row warmStorm(Rig rig) throws Exception {
        Benchmark.progress(WARM_AT_ONCE + " at once, warm");
        String pool = Integer.toString(WARM_AT_ONCE);
        ServerProcess server = ServerProcess.start(
                rig.folder.resolve("ten"), Map.of("BERTH_POOL_SIZE", pool, "BERTH_CHROME_FIRST_UID", "68000"));
        try {
            return new Row(
                    WARM_AT_ONCE + " creates at once, warm pool of " + pool + ": p95",
                    "ms",
                    Pair.interleave(STORMS, () -> createWarm(rig, server), () -> navigateWarm(rig)),
                    Budget.ratioAtMost(1.5),
                    "Until the slowest of the pages is loaded, against as many Chromes launched by hand that wait with a CDP client"
                            + " each, and are told to load at once.");
        } finally {
            server.stop();
        }
    }

    private static double createWarm(Rig rig, ServerProcess server) throws Exception {
        Rig.waitUntil(() -> server.api.get("/health/ready").getInteger("warmChromes") == WARM_AT_ONCE);
        rig.settle();
        List<Visit> visits = visits(rig, WARM_AT_ONCE);
        long begun = System.nanoTime();
        List<CompletableFuture<Api.Session>> sessions =
                visits.stream().map(visit -> server.api.open(visit.url)).toList();
        double millis = millis(begun, last(visits, begun));
        sessions.stream()
                .map(session -> session.join().opened().delete())
                .toList()
                .forEach(CompletableFuture::join);
        return millis;
    }

    private static double navigateWarm(Rig rig) throws Exception {
        List<ChromeTree> chromes = new ArrayList<>();
        List<CdpClient> clients = new ArrayList<>();
        Context context = Throughput.loop(rig.clients);
        try {
            for (int i = 0; i < WARM_AT_ONCE; i++) {
                ChromeTree chrome = rig.hands.launch("about:blank");
                chromes.add(chrome);
                clients.add(CdpClient.connect(
                        rig.clients, context, RelayRows.devTools(chrome).toString()));
            }
            rig.settle();
            List<Visit> visits = visits(rig, WARM_AT_ONCE);
            long begun = System.nanoTime();
            context.runOnContext(now -> {
                for (int i = 0; i < WARM_AT_ONCE; i++) {
                    clients.get(i).navigate(visits.get(i).url);
                }
            });
            return millis(begun, last(visits, begun));
        } finally {
            clients.forEach(CdpClient::close);
            chromes.forEach(ChromeTree::end);
        }
    }

    private static Row storm(Rig rig) throws Exception {
        Benchmark.progress(AT_ONCE + " at once");
        return new Row(
                AT_ONCE + " creates at once, cold",
                "sessions/s",
                Pair.interleave(STORMS, () -> createMany(rig), () -> launchMany(rig)),
                Budget.ratioAtLeast(0.9),
                AT_ONCE
                        + " creates without a pool, against as many launches by hand, all at once; until the last page is loaded.");
    }

    private static double create(Rig rig, Api api) throws Exception {
        rig.settle();
        Visit visit = rig.site.firstPage();
        long begun = System.nanoTime();
        CompletableFuture<Api.Session> session = api.open(visit.url);
        double millis = millis(begun, visit.doneNanos());
        session.join().opened().delete().join();
        return millis;
    }

    private static double launch(Rig rig) throws Exception {
        rig.settle();
        Visit visit = rig.site.firstPage();
        long begun = System.nanoTime();
        ChromeTree chrome = rig.hands.launch(visit.url);
        try {
            return millis(begun, visit.doneNanos());
        } finally {
            chrome.end();
        }
    }

    private static double createMany(Rig rig) throws Exception {
        rig.settle();
        List<Visit> visits = visits(rig, AT_ONCE);
        long begun = System.nanoTime();
        List<CompletableFuture<Api.Session>> sessions =
                visits.stream().map(visit -> rig.cold.api.open(visit.url)).toList();
        double rate = rate(visits, begun);
        sessions.stream()
                .map(session -> session.join().opened().delete())
                .toList()
                .forEach(CompletableFuture::join);
        return rate;
    }

    private static double launchMany(Rig rig) throws Exception {
        rig.settle();
        List<Visit> visits = visits(rig, AT_ONCE);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        List<java.util.concurrent.Future<ChromeTree>> chromes = new ArrayList<>();
        try {
            long begun = System.nanoTime();
            visits.forEach(visit -> chromes.add(threads.submit(() -> rig.hands.launch(visit.url))));
            return rate(visits, begun);
        } finally {
            for (java.util.concurrent.Future<ChromeTree> chrome : chromes) {
                chrome.get().end();
            }
            threads.shutdown();
        }
    }

    private static List<Visit> visits(Rig rig, int count) {
        return Stream.generate(rig.site::firstPage).limit(count).toList();
    }

    private static double rate(List<Visit> visits, long begunNanos) throws Exception {
        return visits.size() * 1e9 / (last(visits, begunNanos) - begunNanos);
    }

    private static long last(List<Visit> visits, long begunNanos) throws Exception {
        long last = begunNanos;
        for (Visit visit : visits) {
            last = Math.max(last, visit.doneNanos());
        }
        return last;
    }

    private static double millis(long begunNanos, long doneNanos) {
        return (doneNanos - begunNanos) / 1e6;
    }
}

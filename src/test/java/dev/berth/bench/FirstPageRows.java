package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import java.util.ArrayList;
import java.util.List;
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
                        Budget.ratioAtMost(0.35),
                        "POST /api/sessions with the page as initialPrompt, against launching the same Chrome by hand on that page;"
                                + " each until the page's onload request reaches the site."),
                new Row("the same, cold", "ms", cold, Budget.ratioAtMost(1.2), "The same, by a server without a pool."),
                storm(rig));
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
        List<Visit> visits = visits(rig);
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
        List<Visit> visits = visits(rig);
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

    private static List<Visit> visits(Rig rig) {
        return Stream.generate(rig.site::firstPage).limit(AT_ONCE).toList();
    }

    private static double rate(List<Visit> visits, long begunNanos) throws Exception {
        long last = begunNanos;
        for (Visit visit : visits) {
            last = Math.max(last, visit.doneNanos());
        }
        return visits.size() * 1e9 / (last - begunNanos);
    }

    private static double millis(long begunNanos, long doneNanos) {
        return (doneNanos - begunNanos) / 1e6;
    }
}

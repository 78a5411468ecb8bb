package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How fast what a page does is kept; that all of it is, in order, is checked each time. */
final class CaptureRows implements Measurement {
    private static final int TIMES = 4;
    private static final int LINES = 20_000;
    private static final int REQUESTS = 2_000;
    private static final int PAGE = 1_000;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Pair console = Pair.interleave(TIMES, () -> console(rig), () -> byHand(rig, rig.site.lines(LINES), LINES));
        Benchmark.progress("capture, network");
        Pair network =
                Pair.interleave(TIMES, () -> network(rig), () -> byHand(rig, rig.site.requests(REQUESTS), REQUESTS));
        return List.of(
                new Row(
                        "capture of " + LINES + " console lines",
                        "lines/s",
                        console,
                        Budget.atLeast(20_000, "lines/s"),
                        "From the request of a page that logs them in one loop until GET …/console counts all, against the same page"
                                + " in a Chrome launched by hand that nobody listens to, until it says that it is done. All lines"
                                + " were there, in order."),
                new Row(
                        "capture of " + REQUESTS + " requests",
                        "requests/s",
                        network,
                        Budget.NONE,
                        "The same with a page that makes them, 500 at once, until GET …/network counts all. None was lost."));
    }

    private static double console(Rig rig) throws Exception {
        rig.settle();
        Visit visit = rig.site.lines(LINES);
        Api.Session session = rig.warm.api.open(visit.url).join();
        try {
            double rate = rate(session, visit, "/console", LINES, LINES);
            List<String> expected =
                    IntStream.range(0, LINES).mapToObj(i -> "line " + i).toList();
            require(expected.equals(read(session, "/console", "logs", "message", LINES)), "console lines");
            return rate;
        } finally {
            session.delete().join();
        }
    }

    private static double network(Rig rig) throws Exception {
        rig.settle();
        Visit visit = rig.site.requests(REQUESTS);
        Api.Session session = rig.warm.api.open(visit.url).join();
        try {
            // The page itself and its last word are requests too.
            int total = REQUESTS + 2;
            double rate = rate(session, visit, "/network", total, REQUESTS);
            long items = read(session, "/network", "requests", "url", total).stream()
                    .filter(url -> url.contains("/item?i="))
                    .distinct()
                    .count();
            require(items == REQUESTS, "requests");
            return rate;
        } finally {
            session.delete().join();
        }
    }

    private static double rate(Api.Session session, Visit visit, String kind, int total, int count) throws Exception {
        // The latest are in the session's memory: asking for them costs the server little of what is measured.
        String last = kind + "?limit=1&offset=" + (total - 1);
        Rig.waitUntil(() -> session.get(last).getInteger("total") >= total, 5);
        return count * 1e9 / (System.nanoTime() - visit.askedNanos());
    }

    private static double byHand(Rig rig, Visit visit, int count) throws Exception {
        rig.settle();
        ChromeTree chrome = rig.hands.launch(visit.url);
        try {
            return count * 1e9 / (visit.doneNanos() - visit.askedNanos());
        } finally {
            chrome.end();
        }
    }

    private static List<String> read(Api.Session session, String kind, String list, String field, int total) {
        List<String> values = new ArrayList<>();
        for (int offset = 0; offset < total; offset += PAGE) {
            session.get(kind + "?limit=" + PAGE + "&offset=" + offset).getJsonArray(list).stream()
                    .map(entry -> ((JsonObject) entry).getString(field))
                    .forEach(values::add);
        }
        return values;
    }

    private static void require(boolean complete, String what) {
        if (!complete) {
            throw new IllegalStateException("not all " + what + " were kept, or not in order");
        }
    }
}

package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.net.NetClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Reads of logs, of a live session and then of the same once it has ended, against a handler that does nothing. */
final class LogRows implements Measurement {
    private static final int PAGES = 5_000;

    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 4;
    private static final int WARM_UPS = 4;
    private static final long SAMPLE_MILLIS = 1_000;
    private static final int LINES = 200_000;
    private static final int REQUESTS = 4_000;
    private static final int PAGE = 100;
    private static final int FILTERS = 12;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Api.Session lines = open(rig, rig.site.lines(LINES), "/console", LINES);
        Api.Session requests = open(rig, rig.site.requests(REQUESTS), "/network", REQUESTS);
        EmptyServer empty = EmptyServer.start(rig.warm.vertx);
        NetClient client = rig.clients.createNetClient();
        try {
            Context context = Throughput.loop(rig.clients);
            List<HttpLane> nothing =
                    ReadRows.lanes(context, client, empty.port(), lane -> rig.warm.api.rawGet("/"), CONNECTIONS);
            List<Row> rows = new ArrayList<>(rows(rig, context, client, nothing, "live", lines, requests));
            lines.delete().join();
            requests.delete().join();
            rows.addAll(rows(rig, context, client, nothing, "ended", lines, requests));
            return rows;
        } finally {
            Rig.await(client.close());
            empty.close();
        }
    }

    private static Api.Session open(Rig rig, Site.Visit visit, String log, int count) throws Exception {
        Api.Session session = rig.warm.api.open(visit.url).join();
        visit.doneNanos();
        Rig.waitUntil(() -> session.get(log + "?limit=1").getInteger("total") >= count);
        return session;
    }

    private static List<Row> rows(
            Rig rig,
            Context context,
            NetClient client,
            List<HttpLane> nothing,
            String state,
            Api.Session lines,
            Api.Session requests)
            throws Exception {
        Api api = rig.warm.api;
        String filter = api.rawGet(lines.path() + "/console?level=error");
        List<HttpLane> filters = ReadRows.lanes(context, client, api.port(), lane -> filter, 1);
        Samples first = new Samples();
        first.add(1_000 / perSecond(context, filters, 1));
        Pair filtering = Pair.interleave(
                FILTERS,
                () -> 1_000 / perSecond(context, filters, 1),
                () -> 1_000 / perSecond(context, nothing.subList(0, 1), 1));
        Row console = page(
                rig,
                context,
                client,
                nothing,
                state + " session, console",
                lane -> lines.path() + "/console?limit=" + PAGE + "&offset=" + lane * (LINES / CONNECTIONS));
        Row network = page(
                rig,
                context,
                client,
                nothing,
                state + " session, network",
                lane -> requests.path() + "/network?limit=" + PAGE + "&offset=" + lane * (REQUESTS / CONNECTIONS));
        return List.of(
                console,
                network,
                new Row(
                        "filter over " + LINES + " lines, " + state + " session",
                        "ms",
                        filtering,
                        Budget.atMost(150, "ms"),
                        "GET …/console?level=error, which none matches; one at a time; the first of them took "
                                + Math.round(first.median()) + " ms."));
    }

    private static Row page(
            Rig rig, Context context, NetClient client, List<HttpLane> nothing, String what, IntFunction<String> path) {
        Api api = rig.warm.api;
        List<HttpLane> lanes =
                ReadRows.lanes(context, client, api.port(), lane -> api.rawGet(path.apply(lane)), CONNECTIONS);
        IntStream.range(0, WARM_UPS).forEach(i -> perSecond(context, lanes, SAMPLE_MILLIS));
        Samples pages = new Samples();
        Samples reference = new Samples();
        for (int i = 0; i < ROUNDS; i++) {
            pages.add(perSecond(context, lanes, SAMPLE_MILLIS));
            reference.add(perSecond(context, nothing, SAMPLE_MILLIS));
        }
        return new Row(
                "GET " + PAGE + " entries, " + what,
                "requests/s",
                new Pair(pages, reference),
                Budget.atLeast(PAGES, "requests/s"),
                CONNECTIONS
                        + " connections, each at an offset of its own of a long log; the reference is a handler that"
                        + " answers a constant JSON object.");
    }

    private static double perSecond(Context context, List<HttpLane> lanes, long millis) {
        return Throughput.perSecond(
                context, lanes.size(), millis, lane -> lanes.get(lane).get());
    }
}

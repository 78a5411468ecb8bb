package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Reads of sessions per second, against a handler that does nothing, on the same Vert.x. Those of logs: {@link LogRows}. */
final class ReadRows implements Measurement {
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 6;
    private static final long SAMPLE_MILLIS = 1_000;
    private static final int WARM_UPS = 3;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Api.Session session = rig.warm.api.open(rig.site.firstPage().url).join();
        EmptyServer empty = EmptyServer.start(rig.warm.vertx);
        NetClient client = rig.clients.createNetClient();
        try {
            return measure(rig, session, client, empty.port());
        } finally {
            Rig.await(client.close());
            empty.close();
            session.delete().join();
        }
    }

    private static List<Row> measure(Rig rig, Api.Session session, NetClient client, int emptyPort) {
        Context context = Throughput.loop(rig.clients);
        Api api = rig.warm.api;
        List<HttpLane> nothing = lanes(context, client, emptyPort, api.rawGet("/"));
        List<HttpLane> one = lanes(context, client, api.port(), api.rawGet(session.path()));
        List<HttpLane> all = lanes(context, client, api.port(), api.rawGet("/api/sessions"));
        List<List<HttpLane>> kinds = List.of(nothing, one, all);
        for (int i = 0; i < WARM_UPS; i++) {
            kinds.forEach(lanes -> rate(context, lanes));
        }
        List<Samples> samples =
                Stream.generate(Samples::new).limit(kinds.size()).toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (int kind = 0; kind < kinds.size(); kind++) {
                samples.get(kind).add(rate(context, kinds.get(kind)));
            }
        }
        return rows(samples);
    }

    private static List<Row> rows(List<Samples> samples) {
        Samples nothing = samples.get(0);
        return List.of(
                new Row(
                        "GET a live session",
                        "requests/s",
                        new Pair(samples.get(1), nothing),
                        Budget.ratioAtLeast(0.3),
                        "GET /api/sessions/:id over " + CONNECTIONS
                                + " connections that are kept alive, against a handler on the"
                                + " same Vert.x that answers a constant JSON object; on all its event loops, both."),
                new Row(
                        "GET the list of sessions",
                        "requests/s",
                        new Pair(samples.get(2), nothing),
                        Budget.ratioAtLeast(0.15),
                        "GET /api/sessions, from Postgres, with one live session; the same client and reference."));
    }

    private static List<HttpLane> lanes(Context context, NetClient client, int port, String request) {
        return lanes(context, client, port, lane -> request, CONNECTIONS);
    }

    /** @param request of each lane, by its number */
    static List<HttpLane> lanes(Context context, NetClient client, int port, IntFunction<String> request, int count) {
        Promise<List<HttpLane>> lanes = Promise.promise();
        context.runOnContext(ignored -> {
            List<Future<HttpLane>> connecting = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String text = request.apply(i);
                connecting.add(client.connect(port, "127.0.0.1").map(socket -> new HttpLane(socket, text)));
            }
            Future.all(connecting).<List<HttpLane>>map(all -> all.list()).onComplete(lanes);
        });
        return Rig.await(lanes.future());
    }

    private static double rate(Context context, List<HttpLane> lanes) {
        return Throughput.perSecond(
                context, CONNECTIONS, SAMPLE_MILLIS, lane -> lanes.get(lane).get());
    }
}

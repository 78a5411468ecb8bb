package dev.berth.bench;

import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** CDP round trips through Berth, past it, and through two bare sockets: one Chrome, one client, in turns. */
final class RelayRows implements Measurement {
    private static final int ROUNDS = 6;
    private static final long SAMPLE_MILLIS = 1_000;
    private static final long WARM_UP_MILLIS = 2_000;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Api.Session session = rig.warm.api.create(new JsonObject()).join();
        CdpEndpoint chrome = endpoint(rig, session);
        Splice splice = new Splice(rig.warm.vertx, chrome.host(), chrome.port());
        Context context = Throughput.loop(rig.clients);
        CdpClient relayed = CdpClient.connect(rig.clients, context, session.connectUrl());
        CdpClient direct = CdpClient.connect(rig.clients, context, url(chrome, chrome.port()));
        CdpClient spliced = CdpClient.connect(rig.clients, context, url(chrome, splice.port()));
        try {
            List.of(relayed, direct, spliced).forEach(client -> rate(context, client, 32, WARM_UP_MILLIS));
            List<Row> rows = new ArrayList<>(compare(context, relayed, direct, spliced, 1, 0.85));
            rows.addAll(compare(context, relayed, direct, spliced, 32, 0.9));
            return rows;
        } finally {
            List.of(relayed, direct, spliced).forEach(CdpClient::close);
            splice.close();
            session.delete().join();
        }
    }

    private static CdpEndpoint endpoint(Rig rig, Api.Session session) {
        SessionClient client = new SessionClient(rig.warm.vertx);
        SessionId id = new SessionId(session.id());
        return Rig.await(client.ask(id, new OpenCdp("benchmark"))
                .compose(endpoint ->
                        client.ask(id, new DetachCdpClient("benchmark")).map(endpoint)));
    }

    private static String url(CdpEndpoint chrome, int port) {
        return "ws://" + chrome.host() + ":" + port + chrome.path();
    }

    private static List<Row> compare(
            Context context, CdpClient relayed, CdpClient direct, CdpClient spliced, int inFlight, double budget) {
        Benchmark.progress("relay, " + inFlight + " in flight");
        Samples through = new Samples();
        Samples past = new Samples();
        Samples bare = new Samples();
        for (int round = 0; round < ROUNDS; round++) {
            through.add(rate(context, relayed, inFlight, SAMPLE_MILLIS));
            past.add(rate(context, direct, inFlight, SAMPLE_MILLIS));
            bare.add(rate(context, spliced, inFlight, SAMPLE_MILLIS));
        }
        return List.of(
                new Row(
                        "CDP relay, " + inFlight + " in flight",
                        "round trips/s",
                        new Pair(through, past),
                        Budget.ratioAtLeast(budget),
                        "Runtime.evaluate of 1+1 over the session's connectUrl, against the same client at the same Chrome's own"
                                + " DevTools socket. The client has event loops of its own, in the server's JVM."),
                new Row(
                        "(bare TCP splice, " + inFlight + " in flight)",
                        "round trips/s",
                        new Pair(bare, past),
                        Budget.NONE,
                        "In place of Berth two joined sockets on its event loops, nothing read: what a relay costs at the least."));
    }

    private static double rate(Context context, CdpClient client, int inFlight, long millis) {
        return Throughput.perSecond(context, inFlight, millis, lane -> client.roundTrip());
    }
}

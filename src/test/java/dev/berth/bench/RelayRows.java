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
        CdpClient second = CdpClient.connect(rig.clients, context, session.connectUrl());
        CdpClient direct = CdpClient.connect(rig.clients, context, url(chrome, chrome.port()));
        CdpClient spliced = CdpClient.connect(rig.clients, context, url(chrome, splice.port()));
        try {
            List<CdpClient> clients = List.of(relayed, second, direct, spliced);
            clients.forEach(client -> rate(context, client, 32, WARM_UP_MILLIS));
            List<Row> rows = new ArrayList<>(compare(context, clients, 1, 0.85));
            rows.addAll(compare(context, clients, 32, 0.95));
            return rows;
        } finally {
            List.of(relayed, second, direct, spliced).forEach(CdpClient::close);
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

    /** @param clients the first and the second of the session, one past it, and one by two bare sockets */
    private static List<Row> compare(Context context, List<CdpClient> clients, int inFlight, double budget) {
        Benchmark.progress("relay, " + inFlight + " in flight");
        List<Samples> samples = clients.stream().map(client -> new Samples()).toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < clients.size(); i++) {
                samples.get(i).add(rate(context, clients.get(i), inFlight, SAMPLE_MILLIS));
            }
        }
        Samples past = samples.get(2);
        return List.of(
                new Row(
                        "CDP relay, " + inFlight + " in flight",
                        "round trips/s",
                        new Pair(samples.get(0), past),
                        Budget.ratioAtLeast(budget),
                        "Runtime.evaluate of 1+1 over the session's connectUrl, against the same client at the same Chrome's own"
                                + " DevTools socket. The client has event loops of its own, in the server's JVM."),
                new Row(
                        "CDP relay, second client, " + inFlight + " in flight",
                        "round trips/s",
                        new Pair(samples.get(1), past),
                        Budget.ratioAtLeast(budget),
                        "The same for a client that came later to the same session."),
                new Row(
                        "(bare TCP splice, " + inFlight + " in flight)",
                        "round trips/s",
                        new Pair(samples.get(3), past),
                        Budget.NONE,
                        "In place of Berth two joined sockets on its event loops, nothing read: what a relay costs at the least."));
    }

    private static double rate(Context context, CdpClient client, int inFlight, long millis) {
        return Throughput.perSecond(context, inFlight, millis, lane -> client.roundTrip());
    }
}

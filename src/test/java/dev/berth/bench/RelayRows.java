package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** CDP round trips through Berth, to a Chrome that was launched by hand, and through two bare sockets to that, in turns. */
final class RelayRows implements Measurement {
    private static final int ROUNDS = 6;
    private static final long SAMPLE_MILLIS = 1_000;
    private static final long WARM_UP_MILLIS = 2_000;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Api.Session session = rig.warm.api.create(new JsonObject()).join();
        ChromeTree byHand = rig.hands.launch("about:blank");
        URI chrome = URI.create("ws://" + devTools(byHand));
        Splice splice = new Splice(rig.warm.vertx, chrome.getHost(), chrome.getPort());
        Context context = Throughput.loop(rig.clients);
        CdpClient relayed = CdpClient.connect(rig.clients, context, session.connectUrl());
        CdpClient second = CdpClient.connect(rig.clients, context, session.connectUrl());
        CdpClient direct = CdpClient.connect(rig.clients, context, chrome.toString());
        CdpClient spliced =
                CdpClient.connect(rig.clients, context, "ws://127.0.0.1:" + splice.port() + chrome.getPath());
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
            byHand.end();
        }
    }

    /** Where a Chrome that was launched by hand listens. */
    private static String devTools(ChromeTree chrome) throws Exception {
        Path file = chrome.profile().resolve("DevToolsActivePort");
        Rig.waitUntil(() -> Files.exists(file) && lines(file).size() == 2, 1);
        return "127.0.0.1:" + String.join("", lines(file));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                        "Runtime.evaluate of 1+1 over the session's connectUrl, against the same client at the DevTools socket of"
                                + " the same Chrome, launched by hand. The client has event loops of its own, in the server's JVM."),
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

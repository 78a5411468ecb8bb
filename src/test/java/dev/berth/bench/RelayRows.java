package dev.berth.bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** CDP round trips through Berth, to a Chrome that was launched by hand, and through two bare sockets to that, in turns. */
final class RelayRows implements Measurement {
    private static final int ROUNDS = 6;
    private static final long SAMPLE_MILLIS = 1_000;
    private static final long WARM_UP_MILLIS = 2_000;

    private static final String ROUND_TRIPS = "round trips/s";
    private static final String SECOND = "The same for a client that came later to the same session.";

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Api.Session session = rig.warm.api.create(new JsonObject()).join();
        ChromeTree byHand = rig.hands.launch("about:blank");
        URI chrome = devTools(byHand);
        Splice splice = new Splice(rig.warm.vertx, chrome.getHost(), chrome.getPort());
        List<String> urls = List.of(
                session.connectUrl(),
                session.connectUrl(),
                chrome.toString(),
                "ws://127.0.0.1:" + splice.port() + chrome.getPath());
        try {
            List<Row> rows = new ArrayList<>(compare(urls, 1));
            rows.addAll(compare(urls, 32));
            return rows;
        } finally {
            splice.close();
            session.delete().join();
            byHand.end();
        }
    }

    /** Where a Chrome that was launched by hand listens. */
    static URI devTools(ChromeTree chrome) throws Exception {
        Path file = chrome.profile().resolve("DevToolsActivePort");
        Rig.waitUntil(() -> Files.exists(file) && lines(file).size() == 2, 1);
        return URI.create("ws://127.0.0.1:" + String.join("", lines(file)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rates by a client in a process of its own: of the first and the second of the session, directly, and by two bare sockets. */
    private static List<Row> compare(List<String> urls, int inFlight) throws Exception {
        Benchmark.progress("relay, " + inFlight + " in flight");
        List<Samples> samples = urls.stream().map(url -> new Samples()).toList();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RelayRows.class.getName(),
                Integer.toString(inFlight)));
        command.addAll(urls);
        Process client = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = client.inputReader()) {
            output.lines()
                    .map(line -> line.split(" "))
                    .forEach(rate -> samples.get(Integer.parseInt(rate[0])).add(Double.parseDouble(rate[1])));
        }
        if (client.waitFor() != 0) {
            throw new IllegalStateException("the client of the relay failed");
        }
        return inFlight == 1 ? oneInFlight(samples) : manyInFlight(samples, inFlight);
    }

    private static List<Row> oneInFlight(List<Samples> samples) {
        return List.of(
                new Row(
                        "CDP relay, 1 in flight; reference: two joined sockets",
                        ROUND_TRIPS,
                        new Pair(samples.get(0), samples.get(3)),
                        Budget.ratioAtLeast(1.05),
                        "Runtime.evaluate of 1+1 over the session's connectUrl, against the same client at the DevTools socket of"
                                + " the same Chrome, launched by hand, by two sockets joined on Berth's event loops, nothing read. The"
                                + " client is in a process of its own."),
                new Row(
                        "CDP relay, second client, 1 in flight; reference: two joined sockets",
                        ROUND_TRIPS,
                        new Pair(samples.get(1), samples.get(3)),
                        Budget.ratioAtLeast(1.05),
                        SECOND),
                new Row(
                        "CDP relay, 1 in flight; reference: directly",
                        ROUND_TRIPS,
                        new Pair(samples.get(0), samples.get(2)),
                        Budget.NONE,
                        "The same past the two sockets."));
    }

    private static List<Row> manyInFlight(List<Samples> samples, int inFlight) {
        return List.of(
                new Row(
                        "CDP relay, " + inFlight + " in flight",
                        ROUND_TRIPS,
                        new Pair(samples.get(0), samples.get(2)),
                        Budget.ratioAtLeast(0.9),
                        "Likewise with so many under way, against the DevTools socket itself."),
                new Row(
                        "CDP relay, second client, " + inFlight + " in flight",
                        ROUND_TRIPS,
                        new Pair(samples.get(1), samples.get(2)),
                        Budget.ratioAtLeast(0.9),
                        SECOND),
                new Row(
                        "(two joined sockets, " + inFlight + " in flight)",
                        ROUND_TRIPS,
                        new Pair(samples.get(3), samples.get(2)),
                        Budget.NONE,
                        "In place of Berth: the least that a relay costs."));
    }

    /** The client: prints a line with the number of the URL and the rate for each sample. */
    public static void main(String[] arguments) {
        int inFlight = Integer.parseInt(arguments[0]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        Context context = Throughput.loop(vertx);
        List<CdpClient> clients = Stream.of(arguments)
                .skip(1)
                .map(url -> CdpClient.connect(vertx, context, url))
                .toList();
        clients.forEach(client -> rate(context, client, 32, WARM_UP_MILLIS));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < clients.size(); i++) {
                System.out.println(i + " " + rate(context, clients.get(i), inFlight, SAMPLE_MILLIS));
            }
        }
        clients.forEach(CdpClient::close);
        Rig.await(vertx.close());
    }

    private static double rate(Context context, CdpClient client, int inFlight, long millis) {
        return Throughput.perSecond(context, inFlight, millis, lane -> client.roundTrip());
    }
}

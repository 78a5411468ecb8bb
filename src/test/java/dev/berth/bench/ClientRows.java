package dev.berth.bench;

import io.vertx.core.json.JsonArray;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Figures of clients in Node, in a process of their own: {@code src/test/clients/bench.mjs}. Needs Node and npm. */
final class ClientRows implements Measurement {
    private static final String VERB =
            "With pauses of random length between, 1280 × 720, against the same by puppeteer-core at a Chrome launched by hand.";
    private static final String FLOW =
            "Create, Playwright's connectOverCDP, goto, DELETE, against launching Chrome, the same, killing it and deleting its profile.";

    @Override
    public List<Row> run(Rig rig) throws Exception {
        ChromeTree byHand = rig.hands.launch("about:blank");
        try {
            Map<String, Pair> pairs = measure(rig, RelayRows.devTools(byHand).toString());
            return List.of(
                    row(pairs, "click", "click by REST", Budget.ratioAtMost(1.15), VERB),
                    row(pairs, "fill", "fill by REST", Budget.ratioAtMost(1.15), VERB),
                    row(pairs, "screenshot", "screenshot (PNG) by REST", Budget.ratioAtMost(1.15), VERB),
                    row(pairs, "evaluate", "evaluate by REST", Budget.aboveReferenceAtMost(3, "ms"), VERB),
                    row(pairs, "flow", "create, connect, goto, DELETE", Budget.ratioAtMost(0.7), FLOW),
                    row(pairs, "flows", "the same, 10 at once", Budget.ratioAtMost(0.7), "Until the last is done."));
        } finally {
            byHand.end();
        }
    }

    private static Row row(Map<String, Pair> pairs, String name, String what, Budget budget, String compared) {
        return new Row(what, "ms", pairs.get(name), budget, compared);
    }

    private static Map<String, Pair> measure(Rig rig, String chrome) throws IOException, InterruptedException {
        Benchmark.progress("clients in Node");
        ProcessBuilder node = new ProcessBuilder(
                        Path.of("src", "test", "clients", "run").toString(), "bench")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment()
                .putAll(Map.of(
                        "BERTH_URL", rig.warm.server.url(),
                        "BERTH_KEY", BerthServer.KEY,
                        "BENCH_CHROME", chrome,
                        "BENCH_FOLDER", rig.folder.toString(),
                        "BENCH_FLAGS", new JsonArray(rig.hands.flags()).encode()));
        Process clients = node.start();
        Map<String, Pair> pairs = new HashMap<>();
        try (BufferedReader output = clients.inputReader()) {
            output.lines().map(line -> line.split(" ")).forEach(line -> {
                Pair pair = pairs.computeIfAbsent(line[0], name -> new Pair(new Samples(), new Samples()));
                pair.berth().add(Double.parseDouble(line[1]));
                pair.reference().add(Double.parseDouble(line[2]));
            });
        }
        if (clients.waitFor() != 0) {
            throw new IllegalStateException("the clients in Node failed");
        }
        return pairs;
    }
}

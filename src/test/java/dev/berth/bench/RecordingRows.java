package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What recording takes of the processor: Chrome, encoder and server together, against the same session unrecorded. */
final class RecordingRows implements Measurement {
    private static final int TIMES = 3;
    private static final long SETTLE_MILLIS = 3_000;
    private static final long CPU_MILLIS = 8_000;
    private static final double PER_CENT = 100;

    private static final JsonObject PLAIN = new JsonObject();
    private static final JsonObject RECORDED = new JsonObject().put("recording", true);
    private static final JsonObject FLIGHT = new JsonObject().put("flightRecorder", true);

    /** A page that is measured in each of the three ways, in turns. */
    private static final class Turns {
        final Samples plain = new Samples();
        final Samples recorded = new Samples();
        final Samples flight = new Samples();
    }

    @Override
    public List<Row> run(Rig rig) throws Exception {
        ServerProcess server = ServerProcess.start(
                rig.folder.resolve("recording"), Map.of("BERTH_POOL_SIZE", "0", "BERTH_CHROME_FIRST_UID", "65000"));
        try {
            Benchmark.progress("recording, a page that moves");
            Turns moving = turns(server, rig.site.moving());
            Benchmark.progress("recording, a page that is still");
            Turns still = turns(server, rig.site.still());
            return rows(moving, still);
        } finally {
            server.stop();
        }
    }

    private static Turns turns(ServerProcess server, Visit page) throws Exception {
        Turns turns = new Turns();
        // The first recording unpacks the encoder.
        load(server, page, RECORDED);
        for (int i = 0; i < TIMES; i++) {
            turns.plain.add(load(server, page, PLAIN));
            turns.recorded.add(load(server, page, RECORDED));
            turns.flight.add(load(server, page, FLIGHT));
        }
        return turns;
    }

    /** Per cent of a core. */
    private static double load(ServerProcess server, Visit page, JsonObject options) throws Exception {
        Api.Session session = server.api
                .create(new JsonObject().put("initialPrompt", page.url).put("options", options))
                .join()
                .opened();
        try {
            Rig.pause(SETTLE_MILLIS);
            double before = server.treeCpuSeconds();
            long start = System.nanoTime();
            Rig.pause(CPU_MILLIS);
            return PER_CENT * (server.treeCpuSeconds() - before) * 1e9 / (System.nanoTime() - start);
        } finally {
            session.delete().join();
        }
    }

    private static List<Row> rows(Turns moving, Turns still) {
        return List.of(
                row("recording a page that always moves", moving.recorded, moving.plain, 25),
                row("recording a page that is still", still.recorded, still.plain, 0.5),
                row("flight recorder, a page that always moves", moving.flight, moving.plain, 2),
                row("flight recorder, a page that is still", still.flight, still.plain, 0.5));
    }

    private static Row row(String name, Samples with, Samples without, double budget) {
        return new Row(
                name,
                "% of a core",
                new Pair(with, without),
                Budget.aboveReferenceAtMost(budget, "%"),
                "1280 × 720. Processor time of a server process with all that is below it (Chrome, encoder, Postgres) in "
                        + CPU_MILLIS / 1_000 + " s, against the same session without.");
    }
}

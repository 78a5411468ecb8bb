package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A server's starts with embedded Postgres and S3, and its first session. */
final class StartRows implements Measurement {
    private static final int STARTS = 3;
    private static final int LATER = 7;

    private final Samples ready = new Samples();
    private final Pair sessions = new Pair(new Samples(), new Samples());

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Path data = rig.folder.resolve("started");
        double veryFirst = start(rig, data);
        for (int i = 0; i < STARTS; i++) {
            ready.add(start(rig, data));
        }
        Samples firsts = sessions.berth().last(STARTS);
        return List.of(
                new Row(
                        "start until ready",
                        "s",
                        new Pair(ready, Samples.of(Double.NaN)),
                        Budget.atMost(2, "s"),
                        "From the jar, as the README starts it, without a pool. The very first start, which makes the database, took "
                                + Math.round(10 * veryFirst) / 10.0 + " s."),
                new Row(
                        "the first session after the start",
                        "ms",
                        new Pair(firsts, sessions.reference().last(STARTS)),
                        Budget.ratioAtMost(1.5),
                        "Create → first page loaded, against the median of " + LATER + " later ones."));
    }

    private double start(Rig rig, Path data) throws Exception {
        long begun = System.nanoTime();
        ServerProcess server =
                ServerProcess.start(data, Map.of("BERTH_POOL_SIZE", "0", "BERTH_CHROME_FIRST_UID", "67000"));
        double seconds = (System.nanoTime() - begun) / 1e9;
        try {
            Rig.pause(1_000);
            sessions.berth().add(session(rig, server));
            Samples later = new Samples();
            for (int i = 0; i < LATER; i++) {
                later.add(session(rig, server));
            }
            sessions.reference().add(later.median());
        } finally {
            server.stop();
        }
        return seconds;
    }

    private static double session(Rig rig, ServerProcess server) throws Exception {
        Visit visit = rig.site.firstPage();
        long begun = System.nanoTime();
        CompletableFuture<Api.Session> session = server.api.open(visit.url);
        double millis = (visit.doneNanos() - begun) / 1e6;
        session.join().opened().delete().join();
        return millis;
    }
}

package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How long until nothing is left of a Chrome. */
final class DeleteRows implements Measurement {
    private static final int TIMES = 9;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        List<Row> rows = new ArrayList<>(rows(rig, "DELETE", false));
        rows.addAll(rows(rig, "DELETE with a CDP client", true));
        return rows;
    }

    private static List<Row> rows(Rig rig, String what, boolean withClient) throws Exception {
        Benchmark.progress(what);
        Samples answered = new Samples();
        Pair gone = Pair.interleave(TIMES, () -> delete(rig, withClient, answered), () -> killByHand(rig));
        return List.of(
                new Row(
                        what + " → Chrome and profile gone",
                        "ms",
                        gone,
                        Budget.ratioAtMost(1.3),
                        "DELETE until no process of the session's Chrome lives and its profile does not exist, against killing a"
                                + " process tree by hand, waiting until it is gone and deleting the profile."),
                new Row(
                        what + " → answered",
                        "ms",
                        new Pair(answered.last(TIMES), gone.reference()),
                        Budget.atMost(60, "ms"),
                        "The same requests until their answer, which also waits for logs and history to be safe."));
    }

    private static double delete(Rig rig, boolean withClient, Samples answered) throws Exception {
        Visit visit = rig.site.firstPage();
        Api.Session session = rig.cold.api.open(visit.url).join().opened();
        Optional<CdpClient> client = withClient
                ? Optional.of(CdpClient.connect(rig.clients, Throughput.loop(rig.clients), session.connectUrl()))
                : Optional.empty();
        ChromeTree chrome = ChromeTree.below(rig.cold.dataDir);
        rig.settle();
        long begun = System.nanoTime();
        CompletableFuture<Long> answer = session.delete().thenApply(ended -> System.nanoTime());
        Rig.waitUntil(chrome::gone, 1);
        double millis = (System.nanoTime() - begun) / 1e6;
        answered.add((answer.join() - begun) / 1e6);
        client.ifPresent(CdpClient::close);
        return millis;
    }

    private static double killByHand(Rig rig) throws Exception {
        Visit visit = rig.site.firstPage();
        ChromeTree chrome = rig.hands.launch(visit.url);
        visit.doneNanos();
        rig.settle();
        long begun = System.nanoTime();
        chrome.end();
        return (System.nanoTime() - begun) / 1e6;
    }
}

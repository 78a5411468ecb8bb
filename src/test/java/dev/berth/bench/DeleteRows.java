package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How long until nothing is left of a Chrome. */
final class DeleteRows implements Measurement {
    private static final int TIMES = 9;

    private final Samples answered = new Samples();

    @Override
    public List<Row> run(Rig rig) throws Exception {
        Pair gone = Pair.interleave(TIMES, () -> delete(rig), () -> killByHand(rig));
        return List.of(
                new Row(
                        "DELETE → Chrome and profile gone",
                        "ms",
                        gone,
                        Budget.ratioAtMost(1.5),
                        "DELETE until no process of the session's Chrome lives and its profile does not exist, against killing a"
                                + " process tree by hand, waiting until it is gone and deleting the profile."),
                new Row(
                        "DELETE → answered",
                        "ms",
                        new Pair(answered.last(TIMES), gone.reference()),
                        Budget.NONE,
                        "The same requests until their answer, which also waits for logs and history to be safe."));
    }

    private double delete(Rig rig) throws Exception {
        Visit visit = rig.site.firstPage();
        Api.Session session = rig.cold.api.open(visit.url).join().opened();
        ChromeTree chrome = ChromeTree.below(rig.cold.dataDir);
        rig.settle();
        long begun = System.nanoTime();
        CompletableFuture<Long> answer = session.delete().thenApply(ended -> System.nanoTime());
        Rig.waitUntil(chrome::gone, 1);
        double millis = (System.nanoTime() - begun) / 1e6;
        answered.add((answer.join() - begun) / 1e6);
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

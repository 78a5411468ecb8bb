package dev.berth.bench;

import dev.berth.bench.Site.Visit;
import dev.berth.fake.RawWebSocket;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** How soon a viewer sees what he does, and what further viewers take of the processor. */
final class LiveRows implements Measurement {
    private static final int CLICKS = 40;
    private static final long REST_MILLIS = 300;
    private static final int TIMES = 5;
    private static final int VIEWERS = 5;
    private static final long SETTLE_MILLIS = 2_000;
    private static final long CPU_MILLIS = 8_000;
    private static final double PER_CENT = 100;
    private static final double NANOS_A_MILLI = 1e6;

    @Override
    public List<Row> run(Rig rig) throws Exception {
        ServerProcess server = ServerProcess.start(
                rig.folder.resolve("live"), Map.of("BERTH_POOL_SIZE", "0", "BERTH_CHROME_FIRST_UID", "66000"));
        try {
            Benchmark.progress("live view, from input to its frame");
            Samples delays = delays(server, rig.site.acting());
            Benchmark.progress("live view, viewers");
            return rows(delays, viewers(server, rig.site.moving()));
        } finally {
            server.stop();
        }
    }

    private static Samples delays(ServerProcess server, Visit page) throws Exception {
        Api.Session session = server.api.open(page.url).join().opened();
        try (RawWebSocket viewer = RawWebSocket.open(session.liveSocket())) {
            Samples delays = new Samples();
            boolean red = isRed(viewer);
            for (int i = 0; i < CLICKS; i++) {
                Rig.pause(REST_MILLIS);
                long start = System.nanoTime();
                click(viewer);
                long seen = System.nanoTime();
                for (boolean now = red; now == red; ) {
                    viewer.next("frame");
                    byte[] jpeg = viewer.next().payload();
                    seen = System.nanoTime();
                    now = isRed(jpeg);
                }
                red = !red;
                delays.add((seen - start) / NANOS_A_MILLI);
            }
            return delays;
        } finally {
            session.delete().join();
        }
    }

    private static void click(RawWebSocket viewer) {
        for (String action : List.of("down", "up")) {
            viewer.send(new JsonObject()
                    .put("type", "mouse")
                    .put("action", action)
                    .put("x", 100)
                    .put("y", 100)
                    .put("button", "left")
                    .put("clickCount", 1));
        }
    }

    private static boolean isRed(RawWebSocket viewer) throws IOException {
        viewer.next("frame");
        return isRed(viewer.next().payload());
    }

    private static boolean isRed(byte[] jpeg) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(jpeg));
        return (picture.getRGB(picture.getWidth() / 2, picture.getHeight() / 2) >> 16 & 0xff) > 127;
    }

    private static Pair viewers(ServerProcess server, Visit page) throws Exception {
        Api.Session session = server.api.open(page.url).join().opened();
        try {
            return Pair.interleave(TIMES, () -> load(server, session, VIEWERS), () -> load(server, session, 1));
        } finally {
            session.delete().join();
        }
    }

    /** Per cent of a core, with so many viewers that read. */
    private static double load(ServerProcess server, Api.Session session, int viewers) {
        List<RawWebSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < viewers; i++) {
                RawWebSocket viewer = RawWebSocket.open(session.liveSocket());
                open.add(viewer);
                read(viewer);
            }
            Rig.pause(SETTLE_MILLIS);
            double before = server.treeCpuSeconds();
            long start = System.nanoTime();
            Rig.pause(CPU_MILLIS);
            return PER_CENT * (server.treeCpuSeconds() - before) * 1e9 / (System.nanoTime() - start);
        } finally {
            open.forEach(RawWebSocket::close);
        }
    }

    private static void read(RawWebSocket viewer) {
        Thread reader = new Thread(() -> {
            try {
                while (viewer.next().opcode() != RawWebSocket.CLOSE) {
                    // Only received.
                }
            } catch (UncheckedIOException e) {
                // It was closed.
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private static List<Row> rows(Samples delays, Pair viewers) {
        return List.of(
                new Row(
                        "live view: from input to its frame",
                        "ms",
                        new Pair(delays, Samples.of(Double.NaN)),
                        Budget.atMost(80, "ms"),
                        "From the mouse button that is sent until the whole JPEG that shows what the page did is received; 1280 × 720, by a"
                                + " client on the same machine."),
                new Row(
                        "live view: " + VIEWERS + " viewers of a page that always moves",
                        "% of a core",
                        viewers,
                        Budget.ratioAtMost(1.3),
                        "Processor time of a server process with all that is below it, Chrome included, in "
                                + CPU_MILLIS / 1_000
                                + " s, against one viewer of the same session. The viewers read in another process."));
    }
}

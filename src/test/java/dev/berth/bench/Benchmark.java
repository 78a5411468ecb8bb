package dev.berth.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Measures everything that has a budget and prints one table to stdout, its progress to stderr. Times are never asserted; it
 * exits with 1 only where something did not work. An argument, a regular expression, chooses among the measurements by name.
 */
public final class Benchmark {
    private static final PrintStream OUT = System.out;
    private static final PrintStream PROGRESS = System.err;
    private static final long STARTED_NANOS = System.nanoTime();

    private Benchmark() {}

    public static void main(String[] arguments) throws Exception {
        Pattern chosen = Pattern.compile(arguments.length == 0 ? "" : arguments[0]);
        List<Row> rows = new ArrayList<>();
        boolean allWork = true;
        progress("starting two servers, one with a warm pool and one without");
        Rig rig = Rig.start();
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close, "benchmark-shutdown"));
        for (Map.Entry<String, Measurement> measurement : measurements().entrySet()) {
            if (chosen.matcher(measurement.getKey()).find()) {
                allWork &= run(measurement.getKey(), measurement.getValue(), rig, rows);
            }
        }
        OUT.print("\n" + Table.render(rows));
        OUT.flush();
        System.exit(allWork ? 0 : 1);
    }

    private static Map<String, Measurement> measurements() {
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("first-page", new FirstPageRows());
        all.put("start", new StartRows());
        all.put("profiles", new ProfileRows());
        all.put("delete", new DeleteRows());
        all.put("relay", new RelayRows());
        all.put("clients", new ClientRows());
        all.put("egress", new EgressRows());
        all.put("reads", new ReadRows());
        all.put("logs", new LogRows());
        all.put("capture", new CaptureRows());
        all.put("footprint", new FootprintRows());
        all.put("sizing", new SizingRows());
        all.put("recording", new RecordingRows());
        all.put("live", new LiveRows());
        return all;
    }

    private static boolean run(String name, Measurement measurement, Rig rig, List<Row> rows) {
        progress(name);
        try {
            rows.addAll(measurement.run(rig));
            return true;
        } catch (Exception e) {
            progress(name + " does not work: " + e);
            e.printStackTrace(PROGRESS);
            return false;
        }
    }

    static void progress(String what) {
        PROGRESS.printf("%4d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - STARTED_NANOS), what);
    }
}

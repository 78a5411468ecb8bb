package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own, and what the operating system and it itself know about it. */
final class ServerProcess {
    private static final Pattern READY = Pattern.compile("Berth is ready at (\\S+)");
    private static final double TICKS_PER_SECOND = 100;
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private final Process process;
    final Api api;

    private ServerProcess(Process process, Api api) {
        this.process = process;
        this.api = api;
    }

    /** A server that is ready. */
    static ServerProcess start(Path dataDir, Map<String, String> settings) throws IOException {
        Path output = Files.createTempFile(dataDir.getParent(), "server", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                JAVA_HOME.resolve("bin/java").toString(),
                // As the README starts it.
                "@" + Path.of("config", "jvm.options").toAbsolutePath(),
                "-jar",
                Path.of("target", "berth.jar").toAbsolutePath().toString());
        builder.environment().putAll(BerthServer.environment(dataDir));
        builder.environment().putAll(settings);
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Rig.waitUntil(() -> ready(output).find());
        Matcher ready = ready(output);
        ready.find();
        return new ServerProcess(process, new Api(ready.group(1), BerthServer.KEY));
    }

    private static Matcher ready(Path output) {
        try {
            return READY.matcher(Files.readString(output));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it in good order. */
    void stop() throws InterruptedException {
        List<ProcessHandle> tree = ChromeTree.tree(process.toHandle());
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    void collectGarbage() throws IOException, InterruptedException {
        new ProcessBuilder(JAVA_HOME.resolve("bin/jcmd").toString(), Long.toString(process.pid()), "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** A figure of {@code /metrics}. */
    double metric(String name) {
        return api.text("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** What the server alone, not its Chromes and its Postgres, has used of the processor. */
    double cpuSeconds() {
        return cpuSeconds(process.toHandle());
    }

    /** The same of all processes below it, too. */
    double treeCpuSeconds() {
        return ChromeTree.tree(process.toHandle()).stream()
                .mapToDouble(ServerProcess::cpuSeconds)
                .sum();
    }

    private static double cpuSeconds(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }

    /** Its share of the machine's memory, all processes below it included. */
    double treeMib() {
        return mib(ChromeTree.tree(process.toHandle()));
    }

    /** The JVM's alone. */
    double ownMib() {
        return mib(List.of(process.toHandle()));
    }

    /** The proportional set size of processes together. */
    static double mib(List<ProcessHandle> processes) {
        return processes.stream().mapToLong(ServerProcess::pssKib).sum() / 1_024.0;
    }

    private static long pssKib(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/smaps_rollup"))
                    .lines()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }
}

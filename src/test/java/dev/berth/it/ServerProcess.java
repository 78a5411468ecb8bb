package dev.berth.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a JVM of its own. */
final class ServerProcess {
    private static final List<Process> STARTED = new ArrayList<>();

    final Process process;
    private final Path output;

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** A server that is ready, with {@code settings} as for {@link #launch}. */
    static ServerProcess start(Path folder, String... settings) throws IOException {
        ServerProcess started = launch(folder, settings);
        Api.await(started::output, lines -> lines.stream().anyMatch(line -> line.startsWith("Berth is ready at")));
        return started;
    }

    /** @param settings as {@code NAME=value} */
    static ServerProcess launch(Path folder, String... settings) throws IOException {
        return launch(folder, List.of(), settings);
    }

    /** The embedded servers alone, ready. */
    static ServerProcess services(Path folder, String... settings) throws IOException {
        ServerProcess started = launch(folder, List.of("services"), settings);
        Api.await(started::output, lines -> lines.stream().anyMatch(line -> line.contains("BERTH_S3_SECRET_KEY=")));
        return started;
    }

    static ServerProcess launch(Path folder, List<String> arguments, String... settings) throws IOException {
        Path output = Files.createTempFile(folder, "out", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=logback-test.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.berth.Main");
        builder.command().addAll(arguments);
        builder.environment().put("BERTH_DATA_DIR", folder.resolve("data").toString());
        builder.environment().put("BERTH_HTTP_PORT", "0");
        builder.environment().put("BERTH_API_KEY", Berth.KEY);
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            builder.environment().put(pair[0], pair[1]);
        }
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        STARTED.add(process);
        return new ServerProcess(process, output);
    }

    /** Ends what a failed test left: the embedded Postgres below it first, which would outlive it. */
    static void killAll() throws InterruptedException {
        for (Process process : STARTED) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        STARTED.clear();
    }

    /** What it said to its user. */
    List<String> output() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Api api() {
        return new Api(url(), Berth.KEY);
    }

    String url() {
        return output().stream()
                .filter(line -> line.startsWith("Berth is ready at"))
                .map(line -> line.split(" ")[4])
                .findFirst()
                .orElseThrow();
    }
}

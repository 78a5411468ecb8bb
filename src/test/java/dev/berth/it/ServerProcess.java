package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A server in a JVM of its own: the packaged jar, with its class-data archive. */
final class ServerProcess {
    private static final Queue<ServerProcess> STARTED = new ConcurrentLinkedQueue<>();
    private static final String BINARIES = "postgres-binaries";

    final Process process;
    private final Path folder;
    private final Path output;

    private ServerProcess(Process process, Path folder, Path output) {
        this.process = process;
        this.folder = folder;
        this.output = output;
    }

    /** Starts a server without warm Chromes and waits until it is ready, with {@code settings} as for {@link #launch}. */
    static ServerProcess start(Path folder, String... settings) throws IOException {
        ServerProcess started = launch(folder, settings);
        Api.await(started::output, lines -> lines.stream().anyMatch(line -> line.startsWith("Berth is ready at")));
        return started;
    }

    /** @param settings as {@code NAME=value} */
    static ServerProcess launch(Path folder, String... settings) throws IOException {
        return launch(folder, List.of(), settings);
    }

    /** Starts the embedded servers alone and waits until they are ready. */
    static ServerProcess services(Path folder, String... settings) throws IOException {
        ServerProcess started = launch(folder, List.of("services"), settings);
        Api.await(started::output, lines -> lines.stream().anyMatch(line -> line.contains("BERTH_S3_SECRET_KEY=")));
        return started;
    }

    static ServerProcess launch(Path folder, List<String> arguments, String... settings) throws IOException {
        return launch(List.of(), folder, arguments, settings);
    }

    /** @param by the command that is to execute the server, empty for none */
    static ServerProcess launch(List<String> by, Path folder, List<String> arguments, String... settings)
            throws IOException {
        shareBinaries(folder.resolve("data"));
        Path output = Files.createTempFile(folder, "out", ".log");
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("config", "jvm.options").toAbsolutePath(),
                "-Dlogback.configurationFile="
                        + Path.of("src", "test", "resources", "logback-test.xml")
                                .toAbsolutePath(),
                "-jar",
                Path.of("target", "berth.jar").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("BERTH_DATA_DIR", folder.resolve("data").toString());
        builder.environment().put("BERTH_HTTP_PORT", "0");
        builder.environment().put("BERTH_API_KEY", Berth.KEY);
        builder.environment().put("BERTH_POOL_SIZE", "0");
        builder.environment().put("BERTH_SESSIONS_MAX", "32");
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            builder.environment().put(pair[0], pair[1]);
        }
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ServerProcess started = new ServerProcess(process, folder, output);
        STARTED.add(started);
        return started;
    }

    /** The one line by which a start that must fail says why. */
    static String refusal(Path folder, String... settings) throws Exception {
        ServerProcess start = launch(folder, settings);
        assertThat(start.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(start.process.exitValue()).isEqualTo(1);
        List<String> lines = start.output();
        assertThat(lines).as(String.join("\n", lines)).hasSize(1);
        return lines.get(0);
    }

    /** Ends it as Ctrl-C does, which takes no long time where sessions need not be waited for. */
    void interrupt() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /**
     * Unpacking Postgres takes a processor for four seconds, so the suite's servers use what the shared one has
     * unpacked.
     */
    static void shareBinaries(Path data) throws IOException {
        Path own = data.resolve(BINARIES);
        if (Files.exists(own)) {
            return;
        }
        Files.createDirectories(own);
        Path unpacked = Berth.shared().dataDir.resolve(BINARIES);
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(unpacked, "PG-*")) {
            for (Path version : versions) {
                Files.createSymbolicLink(own.resolve(version.getFileName()), version);
            }
        }
    }

    /**
     * Ends the processes that a failed test left in {@code folder}, first the embedded Postgres below it, which would
     * outlive it.
     */
    static void killAll(Path folder) throws InterruptedException {
        for (ServerProcess started : STARTED) {
            if (started.folder.startsWith(folder)) {
                started.process.descendants().forEach(ProcessHandle::destroyForcibly);
                started.process.destroyForcibly().waitFor();
            }
        }
        STARTED.removeIf(started -> started.folder.startsWith(folder));
    }

    /** The lines that it printed. */
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

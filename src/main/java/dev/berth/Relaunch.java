package dev.berth;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts this program again with the class-data archive beside its jar, and the options with which the archive was made: {@code java
 * -jar} alone has neither, and takes almost twice the processor's time to start. The second process has the streams of this one, and
 * ends with it.
 */
final class Relaunch {
    private static final String RELAUNCHED = "berth.relaunched";

    private Relaunch() {}

    /** Runs the program to its end, and gives its exit code; empty where there is no archive, or Java was given options. */
    static Optional<Integer> withArchive(String argument) {
        try {
            Path jar = Path.of(Relaunch.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path archive = jar.resolveSibling("berth.jsa");
            return Files.isRegularFile(jar)
                            && Files.isReadable(archive)
                            && ManagementFactory.getRuntimeMXBean()
                                    .getInputArguments()
                                    .isEmpty()
                    ? Optional.of(run(jar, archive, argument))
                    : Optional.empty();
        } catch (URISyntaxException | IOException e) {
            // The program runs without it, too.
            return Optional.empty();
        }
    }

    private static int run(Path jar, Path archive, String argument) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-D" + RELAUNCHED + "=true",
                "-jar",
                jar.toString(),
                argument);
        Process program = new ProcessBuilder(command).inheritIO().start();
        Thread end = new Thread(() -> end(program), "berth-end");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            return program.waitFor();
        } catch (InterruptedException e) {
            return 1;
        }
    }

    /** Waits, as whoever ends this process takes it for the whole program. */
    private static void end(Process program) {
        program.destroy();
        program.onExit().join();
    }

    /** Calls {@code end} when the process that started this one again is gone, by {@code kill -9} too. */
    static void whenAbandoned(Runnable end) {
        if (Boolean.getBoolean(RELAUNCHED)) {
            ProcessHandle.current()
                    .parent()
                    .ifPresentOrElse(parent -> parent.onExit().thenRun(end), end);
        }
    }
}

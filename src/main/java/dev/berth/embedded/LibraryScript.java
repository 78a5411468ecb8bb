package dev.berth.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The library for embedded Postgres writes a script to the temporary folder, runs it once per process, and deletes it
 * at exit: after a kill it would stay. This class triggers the script early and deletes it at once. Blocks.
 */
final class LibraryScript {
    private static final String NAME = "detect_linux_distribution_";

    private LibraryScript() {}

    /** Runs the script, unless this process has run it before, and deletes it. */
    static synchronized void runAndRemove() throws IOException {
        Set<Path> before = scripts();
        LinuxUtils.getDistributionName();
        Set<Path> made = scripts();
        made.removeAll(before);
        // If two are new, one belongs to another process, which may be about to run it.
        if (made.size() == 1) {
            Files.deleteIfExists(made.iterator().next());
        }
    }

    private static Set<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(NAME))
                    .collect(Collectors.toSet());
        }
    }
}

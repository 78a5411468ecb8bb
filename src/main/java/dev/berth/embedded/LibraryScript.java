package dev.berth.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A script that the library writes among the system's temporary files, runs once for each process, and removes when that exits: one
 * that is killed would leave it there. Blocks.
 */
final class LibraryScript {
    private static final String NAME = "detect_linux_distribution_";

    private LibraryScript() {}

    /** Has it run now, where it has not been, and removes it. */
    static synchronized void runAndRemove() throws IOException {
        Set<Path> before = scripts();
        LinuxUtils.getDistributionName();
        Set<Path> made = scripts();
        made.removeAll(before);
        // Of two, one is another process's, which may be about to run it.
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

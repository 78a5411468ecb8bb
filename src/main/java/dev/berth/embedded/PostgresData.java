package dev.berth.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with Postgres's data. A kill during its creation leaves a folder that can't be started and has no data. So
 * a marker file beside it exists from before the creation until the first successful start, and says that the folder
 * may be created anew. Blocks.
 */
final class PostgresData {
    private static final Logger log = LoggerFactory.getLogger(PostgresData.class);
    private static final long DEATH_SECONDS = 10;
    /** Other users of this machine must know the password. */
    private static final String HOST_RULES = """
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final Path folder;
    private final Path mark;

    PostgresData(Path folder) {
        this.folder = folder;
        this.mark = folder.resolveSibling(folder.getFileName() + ".unfinished");
    }

    /** To be called before Postgres starts. */
    void prepare() throws IOException {
        if (Files.exists(mark)) {
            log.info("an earlier start was interrupted while it created the Postgres data folder; creating it again");
            endMakers();
            delete(folder);
            Files.createDirectory(folder, SecretFile.FOLDER_FOR_OWNER);
        }
        if (Files.exists(folder.resolve("postgresql.conf"))) {
            Files.writeString(folder.resolve("pg_hba.conf"), HOST_RULES);
        } else if (!empty()) {
            // Unknown files, or a data folder that lost a file: never delete either.
            throw new IOException(
                    folder + " has files, but no postgresql.conf, so it is not a Postgres data folder. Move them"
                            + " elsewhere, or choose another data-dir (BERTH_DATA_DIR)");
        } else if (!Files.exists(mark)) {
            Files.createFile(mark, SecretFile.FOR_OWNER);
        }
    }

    private boolean empty() throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** To be called after a successful start. */
    void finished() throws IOException {
        if (Files.deleteIfExists(mark)) {
            // Flush the removal: after a power cut the marker must not come back beside real data.
            try (FileChannel parent = FileChannel.open(mark.getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        }
    }

    /** Ends the initdb processes of an earlier start: they outlive a killed server. */
    private void endMakers() throws IOException {
        List<ProcessHandle> makers = ProcessHandle.allProcesses()
                .filter(process -> (process.info().commandLine().orElse("") + " ").contains("-D " + folder + " "))
                .toList();
        makers.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle maker : makers) {
            try {
                maker.onExit().get(DEATH_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IOException("process " + maker.pid() + " of an earlier start does not end", e);
            }
        }
    }

    /** The library fails on a binaries folder whose unpacking was interrupted, so such folders are deleted. */
    static void removeHalfUnpacked(Path binaries) throws IOException {
        try (Stream<Path> unpacked = Files.list(binaries)) {
            for (Path folder : unpacked.filter(folder -> !Files.exists(folder.resolve(".exists")))
                    .toList()) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

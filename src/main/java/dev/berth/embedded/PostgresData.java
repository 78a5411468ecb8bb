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
 * The folder with Postgres's data. One that was being made when the server was killed can't be started, and holds nothing: a mark
 * beside it, from before it is made until its first good start, tells that it may be made anew. Its methods block.
 */
final class PostgresData {
    private static final Logger log = LoggerFactory.getLogger(PostgresData.class);
    private static final long DEATH_SECONDS = 10;
    /** Whoever else has an account on this machine is asked for the password. */
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

    /** Before a start. */
    void prepare() throws IOException {
        if (Files.exists(mark)) {
            log.info("the Postgres of an earlier start, which was cut off, is made anew");
            endMakers();
            delete(folder);
            Files.createDirectory(folder, SecretFile.FOLDER_FOR_OWNER);
        }
        if (Files.exists(folder.resolve("postgresql.conf"))) {
            Files.writeString(folder.resolve("pg_hba.conf"), HOST_RULES);
        } else if (!empty()) {
            // Somebody else's, or ours that lost a file: whatever it is, it is not to be erased.
            throw new IOException(
                    folder + " has files in it and is no Postgres's: postgresql.conf is missing. Move them"
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

    /** After a good start. */
    void finished() throws IOException {
        if (Files.deleteIfExists(mark)) {
            // A power cut must not bring it back, when there is data.
            try (FileChannel parent = FileChannel.open(mark.getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        }
    }

    /** What makes it goes on when the server is killed. */
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

    /** The library unpacks its binaries into a folder, and fails on what it finds there of a time when it was cut off. */
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

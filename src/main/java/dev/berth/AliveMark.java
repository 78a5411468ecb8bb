package dev.berth;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose modification time is updated every second: the next process reads from it when this one was last alive.
 */
final class AliveMark {
    private static final Logger log = LoggerFactory.getLogger(AliveMark.class);
    private static final long BEAT_MILLIS = 1_000;

    private final Path file;

    AliveMark(Path dataDir) {
        this.file = dataDir.resolve("alive");
    }

    /** When an earlier process was last alive; {@link Instant#EPOCH} if there was none. Blocks. */
    Instant last() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Instant.EPOCH;
        }
        return Files.getLastModifiedTime(file).toInstant();
    }

    /** Starts the updates and returns the id of their timer. */
    long beat(Vertx vertx) {
        return vertx.setPeriodic(
                0,
                BEAT_MILLIS,
                ignored -> vertx.executeBlocking(
                                () -> Files.setLastModifiedTime(file, FileTime.from(Instant.now())), false)
                        .onFailure(e -> log.debug("the alive file could not be updated: {}", e.toString())));
    }
}

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

/** A file whose time tells when the server was last alive, however it ends: once a second. */
final class AliveMark {
    private static final Logger log = LoggerFactory.getLogger(AliveMark.class);
    private static final long BEAT_MILLIS = 1_000;

    private final Path file;

    AliveMark(Path dataDir) {
        this.file = dataDir.resolve("alive");
    }

    /** When an earlier process was last alive; never, where there was none. Blocks. */
    Instant last() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Instant.EPOCH;
        }
        return Files.getLastModifiedTime(file).toInstant();
    }

    /** Gives the timer that beats. */
    long beat(Vertx vertx) {
        return vertx.setPeriodic(
                0,
                BEAT_MILLIS,
                ignored -> vertx.executeBlocking(
                                () -> Files.setLastModifiedTime(file, FileTime.from(Instant.now())), false)
                        .onFailure(e -> log.debug("no sign of life could be left: {}", e.toString())));
    }
}

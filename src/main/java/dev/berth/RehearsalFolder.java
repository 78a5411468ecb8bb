package dev.berth;

import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** A temporary data directory of a server that is started only to load what a server loads. Its methods block. */
record RehearsalFolder(Path path) {
    static RehearsalFolder make() throws IOException {
        return new RehearsalFolder(Files.createTempDirectory("berth-rehearsal"));
    }

    /**
     * Settings of defaults alone: with those of the machine a rehearsal could reach a Postgres that is in use.
     *
     * @param sandbox whether Chrome has one; it opens nothing but a page of the server's own
     */
    ServerConfig config(boolean sandbox) {
        return ConfigLoader.withoutFile(Map.of(
                "BERTH_DATA_DIR",
                path.toString(),
                "BERTH_HTTP_PORT",
                "0",
                "BERTH_POOL_SIZE",
                "1",
                "BERTH_CHROME_SANDBOX",
                Boolean.toString(sandbox)));
    }

    Void remove() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        return null;
    }
}

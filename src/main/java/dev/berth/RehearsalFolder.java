package dev.berth;

import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/** A temporary data directory of a server that is started only to load what a server loads. Its methods block. */
record RehearsalFolder(Path path) {
    static RehearsalFolder make(String name) throws IOException {
        return new RehearsalFolder(Files.createTempDirectory(name));
    }

    /** Settings of defaults alone: with those of the machine a rehearsal could reach a Postgres that is in use. */
    ServerConfig config() {
        return config(Map.of());
    }

    /** The same without Chrome's sandbox. Chrome opens nothing but a page of the server's own. */
    ServerConfig configWithoutSandbox() {
        return config(Map.of("BERTH_CHROME_SANDBOX", "false"));
    }

    private ServerConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("BERTH_DATA_DIR", path.toString());
        settings.put("BERTH_HTTP_PORT", "0");
        settings.put("BERTH_POOL_SIZE", "1");
        return ConfigLoader.withoutFile(settings);
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

package dev.berth.artifact;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Objects on disk, in one flat folder, until the object store has them. A key appears whole or not at all. */
final class Spool {
    private static final String PART = ".part";

    private final Vertx vertx;
    private final Path root;

    Spool(Vertx vertx, Path root) {
        this.vertx = vertx;
        this.root = root;
    }

    /** Keys have no plus sign. */
    Path file(String key) {
        return root.resolve(key.replace('/', '+'));
    }

    Future<Void> write(String key, Buffer bytes) {
        return blocking(() -> place(key, part -> Files.write(part, bytes.getBytes())));
    }

    /** A browser wrote the file, which may be under a page's command: it must not lead elsewhere. */
    Future<Void> copy(String key, Path from) {
        return blocking(() -> {
            try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS)) {
                place(key, part -> Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING));
            }
        });
    }

    private void place(String key, Writing writing) throws IOException {
        Path target = file(key);
        Path part = target.resolveSibling(target.getFileName() + PART);
        writing.to(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private interface Writing {
        void to(Path part) throws IOException;
    }

    Future<Void> remove(String key) {
        return blocking(() -> Files.deleteIfExists(file(key)));
    }

    /** The keys that an earlier process left, and nothing half-written. Makes the folder where there is none. */
    Future<List<String>> keys() {
        return vertx.executeBlocking(
                () -> {
                    Files.createDirectories(root);
                    try (Stream<Path> files = Files.list(root)) {
                        return files.map(path -> path.getFileName().toString())
                                .filter(name -> !name.endsWith(PART))
                                .map(name -> name.replace('+', '/'))
                                .sorted()
                                .toList();
                    }
                },
                false);
    }

    private Future<Void> blocking(Work work) {
        return vertx.executeBlocking(
                () -> {
                    work.run();
                    return null;
                },
                false);
    }

    private interface Work {
        void run() throws IOException;
    }
}

package dev.berth.artifact;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Objects on disk, in one flat folder, until the object store has them. Writes are atomic. */
final class Spool {
    private static final String PART = ".part";
    private static final int CHECK_BYTES = 4_096;
    private static final int PIECE_BYTES = 64 << 10;
    /** The form of all of Berth's keys; as the first character is no dot, a file stays in the folder. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}(?<!\\.part)");

    private static final Set<OpenOption> ANEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> FOR_OWNER = PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private final Vertx vertx;
    private final Path root;

    Spool(Vertx vertx, Path root) {
        this.vertx = vertx;
        this.root = root;
    }

    /**
     * The file of a key; slashes become plus signs, which keys do not have. Throws {@link BerthException} if the key
     * would lead out of this folder.
     */
    Path file(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new BerthException(ErrorCode.INVALID_ARGUMENT, "not a key of an object");
        }
        return root.resolve(key.replace('/', '+'));
    }

    /** Where a file may be written before it is moved in. The next process removes one that is left. */
    Path draft(String key) {
        Path target = file(key);
        return target.resolveSibling(target.getFileName() + PART);
    }

    Future<Void> write(String key, Buffer bytes) {
        return blocking(() -> place(key, out -> out.write(bytes.getBytes())));
    }

    /** Copies so many bytes of a file. Fails where it has fewer. */
    Future<Void> copy(String key, Path from, long bytes) {
        return blocking(() -> {
            try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS)) {
                place(key, out -> copy(in, out, bytes));
            }
        });
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long left = bytes; left > 0; ) {
            int read = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) {
                throw new IOException("a file has become shorter while it was copied");
            }
            out.write(piece, 0, read);
            left -= read;
        }
    }

    /** Moves a file of the server's own, on the same disk. */
    Future<Void> move(String key, Path from) {
        return blocking(() -> {
            Files.setPosixFilePermissions(from, OWNER_ONLY);
            Files.move(from, file(key), StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private void place(String key, Writing writing) throws IOException {
        Path target = file(key);
        Path part = draft(key);
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(part, ANEW, FOR_OWNER))) {
            writing.to(out);
            out.close();
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** A part of an object; empty if it has left the spool. */
    Future<Optional<Buffer>> read(String key, long offset, int length) {
        Path file = file(key);
        return vertx.executeBlocking(
                () -> {
                    try (InputStream in = Files.newInputStream(file)) {
                        in.skipNBytes(offset);
                        return Optional.of(Buffer.buffer(in.readNBytes(length)));
                    } catch (NoSuchFileException e) {
                        return Optional.empty();
                    }
                },
                false);
    }

    Future<Void> remove(String key) {
        return blocking(() -> Files.deleteIfExists(file(key)));
    }

    /** Fails if nothing can be written here. */
    Future<Void> check() {
        Path part = root.resolve("check" + PART);
        return blocking(() -> {
            try (FileChannel channel =
                    FileChannel.open(part, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FOR_OWNER)) {
                channel.write(ByteBuffer.allocate(CHECK_BYTES));
                channel.force(true);
            } finally {
                Files.deleteIfExists(part);
            }
        });
    }

    /** The keys that an earlier process left. Removes files that were half-written. Creates the folder if needed. */
    Future<List<String>> keys() {
        return vertx.executeBlocking(
                () -> {
                    Files.createDirectories(root);
                    for (String name : names()) {
                        if (name.endsWith(PART)) {
                            Files.deleteIfExists(root.resolve(name));
                        }
                    }
                    return names().stream()
                            .map(name -> name.replace('+', '/'))
                            .filter(key -> KEY.matcher(key).matches())
                            .sorted()
                            .toList();
                },
                false);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private Future<Void> blocking(Work work) {
        return vertx.executeBlocking(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw BerthException.ofFullDisk(e)
                                .<Exception>map(full -> full)
                                .orElse(e);
                    }
                    return null;
                },
                false);
    }

    private interface Work {
        void run() throws IOException;
    }
}

package dev.berth.node;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory of one running server: locked while it runs, and the home of the node's identity. Its static methods block, and so
 * does {@link #lastAlive}.
 */
public final class DataDir implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataDir.class);
    private static final long BEAT_MILLIS = 1_000;
    private static final int MACHINE_ID_BYTES = 4;
    private static final String CANNOT = " can't be used: ";
    public static final String FIRST_KEY = "api-key";
    private static final String MACHINE_ID = "d[0-9a-f]{7}";
    private static final Set<PosixFilePermission> FOR_OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PASS_THROUGH = PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel lock;
    private final String machineId;
    private final String place;

    private DataDir(Path path, FileChannel lock) throws IOException {
        this.path = path;
        this.lock = lock;
        this.machineId = readMachineId(path);
        this.place = readPlace(path);
    }

    /** Creates the directory if needed and locks it. The kernel releases the lock however the process ends. */
    public static DataDir open(Path path) {
        return tryOpen(path)
                .orElseThrow(() -> new StartException("data-dir (BERTH_DATA_DIR): " + path
                        + " is in use by another Berth; stop that one, or give this one its own directory"));
    }

    /** Like {@link #open}, but empty if another process has the lock. */
    static Optional<DataDir> tryOpen(Path path) {
        try {
            Files.createDirectories(path);
            // Chromes with user ids of their own must pass through to their profiles, and may list nothing on the way.
            boolean root = "root".equals(System.getProperty("user.name"));
            Files.setPosixFilePermissions(path, root ? PASS_THROUGH : OWNER_ONLY);
            for (String name : List.of(
                    "objects",
                    "spool",
                    "logs",
                    "recordings",
                    "flights",
                    "saved-profiles",
                    "extensions",
                    "postgres-binaries")) {
                Files.createDirectories(path.resolve(name));
                Files.setPosixFilePermissions(path.resolve(name), OWNER_ONLY);
            }
            FileChannel lock = FileChannel.open(
                    path.resolve("berth.lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(FOR_OWNER));
            if (lock.tryLock() == null) {
                lock.close();
                return Optional.empty();
            }
            return Optional.of(locked(path, lock));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StartException("data-dir (BERTH_DATA_DIR): " + unusable(path, e), e);
        }
    }

    private static DataDir locked(Path path, FileChannel lock) throws IOException {
        try {
            return new DataDir(path, lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** A container's volume often belongs to another user than the container's. */
    private static String unusable(Path path, IOException e) {
        try {
            return unusable(path, userId(Path.of("/proc/self")), e);
        } catch (IOException | UnsupportedOperationException unknown) {
            e.addSuppressed(unknown);
            return path + CANNOT + e.getMessage();
        }
    }

    /** @param user the id of the user that the server runs as */
    static String unusable(Path path, int user, IOException e) throws IOException {
        String gift = "chown -R " + user + " " + path;
        if (!Files.exists(path)) {
            return e instanceof AccessDeniedException
                    ? "user id " + user + " can't make " + path + ": mkdir -p " + path + " && " + gift
                    : path + CANNOT + e.getMessage();
        }
        int owner = userId(path);
        return owner == user
                ? path + CANNOT + e.getMessage()
                : path + " belongs to user id " + owner + ", and Berth runs as " + user + ": " + gift
                        + ", or run Berth as " + owner;
    }

    private static int userId(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }

    /**
     * The identity of this directory on this machine, which a copy of the directory does not have; it changes when the machine restarts.
     */
    String place() {
        return place;
    }

    private static String readPlace(Path path) throws IOException {
        Path bootId = Path.of("/proc/sys/kernel/random/boot_id");
        String machine = Files.exists(bootId) ? Files.readString(bootId).strip() : "";
        return machine + " "
                + Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** The permanent name of this node: {@code d} and seven hex digits. */
    public String machineId() {
        return machineId;
    }

    private static String readMachineId(Path path) throws IOException {
        Path file = path.resolve("machine-id");
        if (!Files.exists(file) || !Files.readString(file).strip().matches(MACHINE_ID)) {
            byte[] random = new byte[MACHINE_ID_BYTES];
            new SecureRandom().nextBytes(random);
            write(file, "d" + HexFormat.of().formatHex(random).substring(1));
        }
        return Files.readString(file).strip();
    }

    /** When an earlier process was last alive, to the second; {@link Instant#EPOCH} if there was none. */
    Instant lastAlive() throws IOException {
        if (Files.exists(alive())) {
            return Files.getLastModifiedTime(alive()).toInstant();
        }
        Files.createFile(alive(), PosixFilePermissions.asFileAttribute(FOR_OWNER));
        return Instant.EPOCH;
    }

    /** For the next process. Returns the id of a timer. */
    long keepAlive(Vertx vertx) {
        return vertx.setPeriodic(
                0,
                BEAT_MILLIS,
                beat -> vertx.executeBlocking(
                                () -> Files.setLastModifiedTime(alive(), FileTime.from(Instant.now())), false)
                        .onFailure(e -> log.debug("the alive file could not be updated: {}", e.toString())));
    }

    private Path alive() {
        return path.resolve("alive");
    }

    /** The key that the first start created; empty if none did, or if the file was removed. */
    public static Optional<String> firstKey(Path dataDir) throws IOException {
        Path file = dataDir.resolve(FIRST_KEY);
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    static void writeFirstKey(Path dataDir, String key) throws IOException {
        write(dataDir.resolve(FIRST_KEY), key);
    }

    /** Writes the file atomically, even if the server is killed meanwhile. */
    private static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(FOR_OWNER));
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.berth.browser.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numeric user ids of Chromes, one each, when the server runs as root, so that no Chrome can read another's profile. The
 * servers of one machine share the ids: to take id N, a server locks byte N of a file; the operating system releases the lock
 * when the server's process ends, by {@code kill -9} too. Its methods block; any thread may call.
 */
public final class UserIds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UserIds.class);

    /** The folder of the locks, which only root can write. */
    public static final Path LOCKS = Path.of("/run/berth/user-ids.lock");

    /** From 61000 up, all ids stay below 65,534 ({@code nobody}), the highest id in many containers. */
    static final int COUNT = 4_500;

    private static final int MAX_TRIES = 1_000;

    /**
     * The channel of each file, never closed: POSIX drops all locks of a process on a file when it closes any descriptor of that
     * file.
     */
    private static final Map<Path, FileChannel> CHANNELS = new HashMap<>();

    private final int first;
    private final FileChannel file;
    private final Owner owner;
    private final Queue<Integer> free = new ArrayDeque<>();
    private final Map<Integer, FileLock> locks = new HashMap<>();

    private UserIds(int first, FileChannel file, Owner owner) {
        this.first = first;
        this.file = file;
        this.owner = owner;
    }

    /** Lists the living processes of a user. */
    public interface Owner {
        Set<Long> processes(int userId) throws IOException;
    }

    /**
     * @param first the first of {@value #COUNT} ids
     * @param file the lock file that the servers of this machine share; created if missing
     */
    public static UserIds open(Path file, int first, Owner owner) throws IOException {
        return new UserIds(first, channel(folder(file.getParent()).resolve(file.getFileName())), owner);
    }

    private static Path folder(Path folder) throws IOException {
        try {
            return Files.createDirectories(
                            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .toRealPath();
        } catch (IOException e) {
            throw new IOException(
                    "the servers of this machine share their user ids in " + folder + ", which can't be made: "
                            + e.getMessage() + ". In a container whose file system is read-only, mount a tmpfs at "
                            + folder.getParent(),
                    e);
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        synchronized (CHANNELS) {
            FileChannel open = CHANNELS.get(file);
            if (open == null) {
                open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                CHANNELS.put(file, open);
            }
            return open;
        }
    }

    /** Takes an id that no other Chrome and no living process has. Fails if all are taken. */
    public synchronized int take() throws IOException {
        if (!free.isEmpty()) {
            return free.remove();
        }
        for (int id = first; id < first + COUNT; id++) {
            // The lock is kept even if the id is unusable, so that it is not checked again.
            if (lock(id)) {
                if (owner.processes(id).isEmpty()) {
                    return id;
                }
                log.warn("user id {} is not used, because it runs processes that belong to no server", id);
            }
        }
        throw new IOException("all " + COUNT + " user ids from " + first + " up (chrome.first-uid) are taken");
    }

    /**
     * Takes and gives those of these ids that no other server has; the next Chromes get them.
     *
     * @param ids that no living process has
     */
    synchronized List<Integer> takeIdle(Collection<Integer> ids) throws IOException {
        List<Integer> idle = new ArrayList<>();
        for (int id : ids) {
            if (lock(id)) {
                // An id is free at once, as the lock of a later id may fail.
                free.add(id);
                idle.add(id);
            }
        }
        return idle;
    }

    /**
     * Kills the processes that a killed server's Chrome left under this id, also those outside Chrome's process tree. Does nothing while
     * another server has the id. Fails where processes survive: then no Chrome of this server gets the id.
     */
    public synchronized void end(int id) throws IOException, InterruptedException {
        if (id < first || id >= first + COUNT || !lock(id)) {
            return;
        }
        int tries = 0;
        while (!ProcessTree.killAll(id).isEmpty()) {
            if (++tries == MAX_TRIES) {
                throw new IOException("processes of the user " + id + " survive SIGKILL");
            }
        }
        locks.remove(id).release();
    }

    private boolean lock(int id) throws IOException {
        Optional<FileLock> lock = locks.containsKey(id) ? Optional.empty() : tryLock(id);
        lock.ifPresent(held -> locks.put(id, held));
        return lock.isPresent();
    }

    /** Empty if another server holds the id. */
    private Optional<FileLock> tryLock(int id) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock(id, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // a server of this JVM holds it
        }
    }

    /** Releases the id of a Chrome that is gone. An id whose user still has living processes is not used again. */
    synchronized void giveBack(int id) throws IOException {
        Set<Long> left = owner.processes(id);
        if (left.isEmpty()) {
            free.add(id);
        } else {
            log.warn("user id {} is not reused, because its processes {} are still running", id, left);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (FileLock lock : locks.values()) {
            lock.release();
        }
        locks.clear();
        free.clear();
    }
}

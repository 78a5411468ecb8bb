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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A numeric user id for each Chrome of a server that is root: no Chrome can read another's profile. Servers of one machine share
 * the ids: who takes one locks the byte of that number in a file, and the lock goes with the process, however that ends. Its
 * methods block; any thread may call.
 */
public final class UserIds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UserIds.class);

    /** Root alone can write there. */
    public static final Path LOCKS = Path.of("/run/berth/user-ids.lock");

    /** From 61000 up they stay below the 65,534 of {@code nobody}, which is the last that containers have. */
    static final int COUNT = 4_500;

    /** One for each file, never closed: POSIX gives up all locks of a process when any of its descriptors of a file is closed. */
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

    /** Tells which living processes a user has. */
    public interface Owner {
        Set<Long> processes(int userId) throws IOException;
    }

    /**
     * @param first the ids are this one and the next {@value #COUNT}
     * @param file that the servers of this machine share; made where there is none
     */
    public static UserIds open(Path file, int first, Owner owner) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new UserIds(first, channel(file.getParent().toRealPath().resolve(file.getFileName())), owner);
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

    /** An id that no other Chrome has, and no living process. */
    public synchronized int take() throws IOException {
        if (!free.isEmpty()) {
            return free.remove();
        }
        for (int id = first; id < first + COUNT; id++) {
            Optional<FileLock> lock = locks.containsKey(id) ? Optional.empty() : tryLock(id);
            if (lock.isPresent()) {
                // Kept where it is of no use, too: one look at it is enough.
                locks.put(id, lock.get());
                if (owner.processes(id).isEmpty()) {
                    return id;
                }
                log.warn("user id {} has processes that no server answers for: it is left out", id);
            }
        }
        throw new IOException("all " + COUNT + " user ids from " + first + " up (chrome.first-uid) are taken");
    }

    /** Empty where another server has it. */
    private Optional<FileLock> tryLock(int id) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock(id, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // one of this JVM
        }
    }

    /** Its Chrome is gone. It is given to another one unless processes of that user live, which left their Chrome. */
    synchronized void giveBack(int id) throws IOException {
        Set<Long> left = owner.processes(id);
        if (left.isEmpty()) {
            free.add(id);
        } else {
            log.warn("user id {} is not given to another Chrome: its processes {} live on", id, left);
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

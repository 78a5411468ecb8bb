package dev.berth.browser.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A snapshot of the machine's processes. A Chrome's processes are the descendants of its main process, and all processes of its
 * session ({@code setsid}): when the main process dies, its children get another parent but stay in the session.
 */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE_BYTES = 4_096;
    private static final char ZOMBIE = 'Z';
    private static final String USERS = "Uid:\t";

    /** Linux counts processor time in these, whatever the kernel's own unit is. */
    private static final double TICKS_A_SECOND = 100;

    /**
     * Index of the first time among the fields of {@code /proc/PID/stat} after the session: {@code utime}, {@code stime}, {@code cutime},
     * {@code cstime}.
     */
    private static final int FIRST_TIME = 7;

    private static final int TIMES = 4;

    private final List<Entry> entries = new ArrayList<>();
    /** The fields of each process after its session id: they are parsed for few processes only. */
    private final Map<Long, String> rest = new HashMap<>();

    private ProcessTable() {}

    /** The fields of {@code /proc/PID/stat}. */
    private record Entry(long pid, long parent, long session) {}

    /** Blocks. */
    static ProcessTable look() throws IOException {
        ProcessTable table = new ProcessTable();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                table.add(Long.parseLong(process.getFileName().toString()));
            }
        }
        return table;
    }

    private void add(long pid) throws IOException {
        String[] fields = stat(pid);
        // A zombie is dead, but its parent, which need not be this server, has not reaped it yet.
        if (fields.length > 4 && fields[0].charAt(0) != ZOMBIE) {
            entries.add(new Entry(pid, Long.parseLong(fields[1]), Long.parseLong(fields[3])));
            rest.put(pid, fields[4]);
        }
    }

    /** The process's own time, and that of its children that have ended: clock ticks. */
    private long ticks(long pid) {
        String[] fields = rest.getOrDefault(pid, "").split(" ", FIRST_TIME + TIMES + 1);
        long sum = 0;
        for (int i = FIRST_TIME; i < fields.length - 1; i++) {
            sum += Long.parseLong(fields[i]);
        }
        return sum;
    }

    /** The fields from the state on; empty for a process that has just ended. */
    private static String[] stat(long pid) throws IOException {
        return read(PROC.resolve(pid + "/stat"))
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5))
                .orElse(new String[0]);
    }

    /**
     * Reads a file of a process; empty if the process has just ended, or is hidden from the server. Fails if the file is there
     * but can't be read: otherwise a server without a free descriptor would take living processes for dead.
     */
    static Optional<String> read(Path file) throws IOException {
        try {
            // A process's name may hold any bytes.
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // This check needs no descriptor.
            if (Files.isReadable(file)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * The living processes of a Chrome. Its main process is checked by its handle: if it has died, its pid may be another's by
     * now.
     */
    Set<Long> family(ProcessHandle root) {
        long id = root.pid();
        Set<Long> family = new TreeSet<>();
        if (root.isAlive()) {
            family.add(id);
        }
        for (boolean grows = true; grows; ) {
            grows = false;
            for (Entry entry : entries) {
                boolean related = entry.session() == id || family.contains(entry.parent());
                grows |= related && entry.pid() != id && family.add(entry.pid());
            }
        }
        return family;
    }

    /** The living processes with this id among their real, effective, saved and file system user ids. Blocks. */
    public static Set<Long> ofUser(int userId) throws IOException {
        Set<Long> found = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // The owner of the /proc folder is no help: it is root for a process that Chrome has made undumpable.
                if (read(process.resolve("status"))
                        .filter(status -> users(status).contains((long) userId))
                        .isPresent()) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    /** All user ids that living processes have. Blocks. */
    static Set<Long> users() throws IOException {
        Set<Long> users = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                read(process.resolve("status")).map(ProcessTable::users).ifPresent(users::addAll);
            }
        }
        return users;
    }

    /** The user ids of one process; none where it is a zombie. */
    private static Set<Long> users(String status) {
        boolean zombie = status.lines().anyMatch(line -> line.startsWith("State:\t" + ZOMBIE));
        return zombie
                ? Set.of()
                : status.lines()
                        .filter(line -> line.startsWith(USERS))
                        .flatMap(
                                line -> Stream.of(line.substring(USERS.length()).split("\t")))
                        .map(Long::valueOf)
                        .collect(Collectors.toSet());
    }

    /** The processor time that these processes have used so far. */
    double cpuSeconds(Set<Long> pids) {
        return pids.stream().mapToLong(this::ticks).sum() / TICKS_A_SECOND;
    }

    /**
     * Their resident memory without shared pages, in bytes. Read from {@code statm}, which costs a thousandth of {@code smaps}.
     * Blocks.
     */
    static long bytes(Set<Long> pids) throws IOException {
        long bytes = 0;
        for (long pid : pids) {
            bytes += read(PROC.resolve(pid + "/statm")).map(ProcessTable::bytes).orElse(0L);
        }
        return bytes;
    }

    private static long bytes(String statm) {
        String[] pages = statm.split(" ");
        return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE_BYTES;
    }
}

package dev.berth.browser.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One look at the machine's processes. A Chrome's are those below its main process, and those of its session: what was below a
 * main process that has died is nobody's child, but in its session still.
 */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE_BYTES = 4_096;
    private static final char ZOMBIE = 'Z';

    private final List<Entry> entries = new ArrayList<>();

    private ProcessTable() {}

    /** As {@code /proc/PID/stat} has it. */
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
        // A zombie is dead: only its parent, which need not be this server, has not looked yet.
        if (fields.length > 3 && fields[0].charAt(0) != ZOMBIE) {
            entries.add(new Entry(pid, Long.parseLong(fields[1]), Long.parseLong(fields[3])));
        }
    }

    /** From the state on; empty of a process that has just ended. */
    private static String[] stat(long pid) throws IOException {
        return read(PROC.resolve(pid + "/stat"))
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5))
                .orElse(new String[0]);
    }

    /**
     * A file of a process; empty of one that has just ended, or that this machine hides from the server. Fails where the process is
     * there: a server that has run out of descriptors would take the living for dead.
     */
    static Optional<String> read(Path file) throws IOException {
        try {
            // A process names itself with any bytes.
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // This takes no descriptor.
            if (Files.isReadable(file)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** The living processes of a Chrome. Where its main process has died, another may have its number by now. */
    Set<Long> family(ProcessHandle root) {
        long id = root.pid();
        Set<Long> family = new TreeSet<>();
        if (root.isAlive()) {
            family.add(id);
        }
        for (boolean grows = true; grows; ) {
            grows = false;
            for (Entry entry : entries) {
                boolean ours = entry.session() == id || family.contains(entry.parent());
                grows |= ours && entry.pid() != id && family.add(entry.pid());
            }
        }
        return family;
    }

    /** The living processes that a user has, by whichever of the user ids that a process has. Blocks. */
    public static Set<Long> ofUser(int userId) throws IOException {
        Set<Long> found = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // The folder's owner is root where Chrome has made the process undumpable.
                if (read(process.resolve("status"))
                        .filter(status -> isLivingOf(userId, status))
                        .isPresent()) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static boolean isLivingOf(int userId, String status) {
        boolean zombie = status.lines().anyMatch(line -> line.startsWith("State:\t" + ZOMBIE));
        return !zombie
                && status.lines()
                        .filter(line -> line.startsWith("Uid:"))
                        .anyMatch(line -> List.of(line.split("\\s+")).contains(Integer.toString(userId)));
    }

    /** Whether one of them is one of those of Chrome's zygotes that start the processes of pages. Blocks. */
    static boolean haveZygote(Set<Long> pids) throws IOException {
        for (long pid : pids) {
            if (read(PROC.resolve(pid + "/cmdline"))
                    .filter(ProcessTable::isZygote)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isZygote(String commandLine) {
        List<String> command = List.of(commandLine.split("[\0 ]"));
        return command.contains("--type=zygote") && !command.contains("--no-zygote-sandbox");
    }

    /** What they have resident and share with none, in bytes: {@code statm} costs a thousandth of {@code smaps}. Blocks. */
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

package dev.berth.browser;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One look at the machine's processes. A Chrome's are those below its main process, and those of its session: what was below a
 * main process that has died is nobody's child, but in its session still.
 */
final class ProcessTable {
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

    private void add(long pid) {
        String[] fields = stat(pid);
        // A zombie is dead: only its parent, which need not be this server, has not looked yet.
        if (fields.length > 3 && fields[0].charAt(0) != ZOMBIE) {
            entries.add(new Entry(pid, Long.parseLong(fields[1]), Long.parseLong(fields[3])));
        }
    }

    /** From the state on; empty of a process that has just ended. */
    private static String[] stat(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
        } catch (IOException e) {
            return new String[0];
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
    static Set<Long> ofUser(int userId) throws IOException {
        Set<Long> found = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                // The folder's owner is root where Chrome has made the process undumpable.
                if (isLivingOf(userId, lines(process.resolve("status")))) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static boolean isLivingOf(int userId, List<String> status) {
        boolean zombie = status.stream().anyMatch(line -> line.startsWith("State:\t" + ZOMBIE));
        return !zombie
                && status.stream()
                        .filter(line -> line.startsWith("Uid:"))
                        .anyMatch(line -> List.of(line.split("\\s+")).contains(Integer.toString(userId)));
    }

    /** None of a process that has just ended. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether it is one of those of Chrome's zygotes that start the processes of pages. Blocks. */
    static boolean isZygote(long pid) {
        try {
            List<String> command =
                    List.of(Files.readString(PROC.resolve(pid + "/cmdline")).split("[\0 ]"));
            return command.contains("--type=zygote") && !command.contains("--no-zygote-sandbox");
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    /** What they have resident and share with none, in bytes: {@code statm} costs a thousandth of {@code smaps}. Blocks. */
    static long bytes(Set<Long> pids) {
        return pids.stream().mapToLong(ProcessTable::bytes).sum();
    }

    private static long bytes(long pid) {
        try {
            String[] pages = Files.readString(PROC.resolve(pid + "/statm")).split(" ");
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE_BYTES;
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }
}

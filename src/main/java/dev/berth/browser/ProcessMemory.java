package dev.berth.browser;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One look at the machine's processes. Memory is what a process has resident and shares with none: from {@code statm}, which
 * costs a thousandth of what the exact figure of {@code smaps} does.
 */
final class ProcessMemory {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE_BYTES = 4_096;

    private final Map<Long, List<Long>> children = new HashMap<>();

    private ProcessMemory() {}

    /** Reads who is whose child. Blocks. */
    static ProcessMemory look() throws IOException {
        ProcessMemory memory = new ProcessMemory();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                memory.add(process);
            }
        }
        return memory;
    }

    private void add(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
            children.computeIfAbsent(Long.valueOf(fields[1]), parent -> new ArrayList<>())
                    .add(Long.valueOf(process.getFileName().toString()));
        } catch (IOException e) {
            return; // it has just ended
        }
    }

    /** Of a process and all below it. Blocks. */
    long bytes(long root) {
        long sum = own(root);
        for (long child : children.getOrDefault(root, List.of())) {
            sum += bytes(child);
        }
        return sum;
    }

    private static long own(long pid) {
        try {
            String[] pages = Files.readString(PROC.resolve(pid + "/statm")).split(" ");
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE_BYTES;
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }
}

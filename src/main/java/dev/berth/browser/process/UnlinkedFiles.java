package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Measures open files without a name: Chrome keeps the streams of CDP clients ({@code Tracing}, {@code Page.printToPDF}) in
 * such files until they are closed. No folder lists them.
 */
final class UnlinkedFiles {
    private static final String MARK = " (deleted)";
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;

    private UnlinkedFiles() {}

    /**
     * Blocks.
     *
     * @param device the device number of the disk to count; shared memory has another
     * @return the bytes of the unlinked files that these processes hold open, each file counted once
     */
    static long bytes(Set<Long> pids, Object device) {
        Set<Object> seen = new HashSet<>();
        return pids.stream().mapToLong(pid -> bytes(pid, device, seen)).sum();
    }

    private static long bytes(long pid, Object device, Set<Object> seen) {
        long bytes = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : open) {
                bytes += bytes(file, device, seen);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return bytes; // it has ended, or is a page's process: only root can list its files, but it opens none
        }
        return bytes;
    }

    private static long bytes(Path file, Object device, Set<Object> seen) {
        try {
            if (!Files.readSymbolicLink(file).toString().endsWith(MARK)) {
                return 0;
            }
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino,mode,size");
            boolean counts = ((int) found.get("mode") & TYPE) == REGULAR
                    && found.get("dev").equals(device)
                    && seen.add(found.get("ino"));
            return counts ? (long) found.get("size") : 0;
        } catch (IOException e) {
            return 0; // it has just been closed
        }
    }
}

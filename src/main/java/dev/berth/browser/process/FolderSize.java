package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The disk space of a folder that others may be writing to.
 *
 * @param tooMany whether counting stopped because the folder has more entries, or deeper folders, than the limit
 */
record FolderSize(long bytes, boolean tooMany) {
    /**
     * Empty files take little space and long to count, which would delay the measurement of other sessions. A large profile has
     * 5,000 entries.
     */
    static final int MAX_ENTRIES = 50_000;

    /** Each level takes two of the server's descriptors. Chrome's own files are up to 10 folders deep. */
    static final int MAX_DEPTH = 64;

    private static final long BLOCK_BYTES = 4_096;

    /** The kernel's, at the end of an open file's link. */
    private static final String MARK = " (deleted)";
    /** Bits of the mode of a file: {@code S_IFMT} and {@code S_IFREG}. */
    private static final int TYPE = 0170000;

    private static final int REGULAR = 0100000;

    /** Blocks. Files that are deleted meanwhile count as nothing, and so does the folder itself. */
    static FolderSize of(Path folder) throws IOException {
        return of(folder, MAX_ENTRIES);
    }

    static FolderSize of(Path folder, int maxEntries) throws IOException {
        Count count = new Count(maxEntries);
        try (UntrustedFolder top = UntrustedFolder.open(folder)) {
            count.add(top.look());
            count.addAll(top, 1);
        } catch (NoSuchFileException e) {
            return new FolderSize(0, false);
        }
        return new FolderSize(count.bytes, count.tooMany());
    }

    /**
     * Measures open files without a name: Chrome keeps the streams of CDP clients ({@code Tracing}, {@code Page.printToPDF}) in such
     * files until they are closed. No folder lists them. Blocks.
     *
     * @param device the device number of the disk to count; shared memory has another
     * @return the bytes of the unlinked files that these processes hold open, each file counted once
     */
    static long unlinked(Set<Long> pids, Object device) {
        Set<Object> seen = new HashSet<>();
        return pids.stream().mapToLong(pid -> unlinked(pid, device, seen)).sum();
    }

    private static long unlinked(long pid, Object device, Set<Object> seen) {
        long bytes = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : open) {
                bytes += unlinked(file, device, seen);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return bytes; // it has ended, or is a page's process: only root can list its files, but it opens none
        }
        return bytes;
    }

    private static long unlinked(Path file, Object device, Set<Object> seen) {
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

    private static final class Count {
        private final int maxEntries;
        private long bytes;
        private int entries;
        private boolean tooDeep;

        private Count(int maxEntries) {
            this.maxEntries = maxEntries;
        }

        private boolean tooMany() {
            return tooDeep || entries > maxEntries;
        }

        /** Counts a file with at least one block, as an empty file takes an inode; a folder with many entries takes several. */
        private void add(BasicFileAttributes attributes) {
            bytes += Math.max(1, (attributes.size() + BLOCK_BYTES - 1) / BLOCK_BYTES) * BLOCK_BYTES;
            entries++;
        }

        private void addAll(UntrustedFolder folder, int depth) throws IOException {
            tooDeep |= depth > MAX_DEPTH;
            folder.each(name -> {
                if (!tooMany()) {
                    add(folder, name, depth);
                }
            });
        }

        private void add(UntrustedFolder folder, Path name, int depth) {
            try {
                PosixFileAttributes found = folder.look(name);
                add(found);
                if (found.isDirectory()) {
                    try (UntrustedFolder inner = folder.enter(name, found)) {
                        addAll(inner, depth + 1);
                    }
                }
            } catch (IOException e) {
                // it has just been deleted, or replaced
            }
        }
    }
}

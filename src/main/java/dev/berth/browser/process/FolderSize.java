package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The disk space of a folder that others may be writing to.
 *
 * @param tooMany whether counting stopped because the folder has more entries than the limit
 */
record FolderSize(long bytes, boolean tooMany) {
    /**
     * Empty files take little space and long to count, which would delay the measurement of other sessions. A large profile has
     * 5,000 entries.
     */
    static final int MAX_ENTRIES = 50_000;

    private static final long BLOCK_BYTES = 4_096;

    /** Blocks. Files that are deleted meanwhile count as nothing, and so does the folder itself. */
    static FolderSize of(Path folder) throws IOException {
        return of(folder, MAX_ENTRIES);
    }

    static FolderSize of(Path folder, int maxEntries) throws IOException {
        Count count = new Count(maxEntries);
        Files.walkFileTree(folder, count);
        return new FolderSize(count.bytes, count.entries > maxEntries);
    }

    private static final class Count extends SimpleFileVisitor<Path> {
        private final int maxEntries;
        private long bytes;
        private int entries;

        private Count(int maxEntries) {
            this.maxEntries = maxEntries;
        }

        /** At least one block, as an empty file takes an inode; a folder with many entries takes several. */
        private FileVisitResult add(BasicFileAttributes attributes) {
            bytes += Math.max(1, (attributes.size() + BLOCK_BYTES - 1) / BLOCK_BYTES) * BLOCK_BYTES;
            return ++entries > maxEntries ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return add(attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return add(attributes);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}

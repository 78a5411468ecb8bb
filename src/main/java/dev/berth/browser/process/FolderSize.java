package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a folder takes of the disk, while others write to it.
 *
 * @param tooMany there is more in it than is counted
 */
record FolderSize(long bytes, boolean tooMany) {
    /** Many an empty file takes little and long to count, and so hides what others take meanwhile. A large profile has 5,000. */
    static final int MAX_ENTRIES = 50_000;

    private static final long BLOCK_BYTES = 4_096;

    /** Blocks. What goes away meanwhile, the folder itself too, takes nothing. */
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

        /** An empty file takes its inode, a folder with many names more than a block. */
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

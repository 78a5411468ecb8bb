package dev.berth.browser;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What a folder takes of the disk, while others write to it. */
final class FolderSize extends SimpleFileVisitor<Path> {
    private static final long BLOCK_BYTES = 4_096;

    private long bytes;

    private FolderSize() {}

    /** Blocks. What goes away meanwhile, the folder itself too, takes nothing. */
    static long bytes(Path folder) throws IOException {
        FolderSize size = new FolderSize();
        Files.walkFileTree(folder, size);
        return size.bytes;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        bytes += BLOCK_BYTES;
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        bytes += (attributes.size() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        return FileVisitResult.CONTINUE;
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

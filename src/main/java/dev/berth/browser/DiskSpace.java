package dev.berth.browser;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The disks that sessions fill, and how much of each stays free. Its methods block. */
final class DiskSpace {
    /** Where profiles had to be put on another disk, that may be a small one. */
    private static final int SHARE_OF_OTHER = 20;

    private final List<Disk> disks = new ArrayList<>();

    private DiskSpace() {}

    private record Disk(FileStore store, long floorBytes) {}

    /** @param floorBytes how much of the data directory's stays free */
    static DiskSpace of(Path dataDir, Path profiles, long floorBytes) throws IOException {
        DiskSpace space = new DiskSpace();
        FileStore ours = Files.getFileStore(dataDir);
        FileStore other = Files.getFileStore(profiles);
        space.disks.add(new Disk(ours, floorBytes));
        if (!other.equals(ours)) {
            space.disks.add(new Disk(other, Math.min(floorBytes, other.getTotalSpace() / SHARE_OF_OTHER)));
        }
        return space;
    }

    /** How many bytes are free beyond what must stay so, on the fullest; less than 0 where they are too few. */
    long headroom() throws IOException {
        long least = Long.MAX_VALUE;
        for (Disk disk : disks) {
            least = Math.min(least, disk.store().getUsableSpace() - disk.floorBytes());
        }
        return least;
    }
}

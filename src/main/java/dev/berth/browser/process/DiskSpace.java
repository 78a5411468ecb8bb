package dev.berth.browser.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disks that sessions fill, and how much of each stays free. Asked by path: a {@link java.nio.file.FileStore} is looked up
 * among the mounts, where containers do not list each. Its methods block.
 */
public final class DiskSpace {
    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
    /** Where profiles had to be put on another disk, that may be a small one. */
    private static final int SHARE_OF_OTHER = 20;

    private final List<Disk> disks = new ArrayList<>();

    private DiskSpace() {}

    private record Disk(File folder, long floorBytes) {}

    /** @param floorBytes how much of the data directory's stays free */
    public static DiskSpace of(Path dataDir, Path profiles, long floorBytes) throws IOException {
        DiskSpace space = new DiskSpace();
        space.add(dataDir.toFile(), floorBytes);
        if (!device(dataDir).equals(device(profiles))) {
            File other = profiles.toFile();
            space.add(other, Math.min(floorBytes, other.getTotalSpace() / SHARE_OF_OTHER));
        }
        return space;
    }

    /** The number of the disk that something is on. */
    static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }

    private void add(File folder, long floorBytes) {
        if (folder.getTotalSpace() == 0) {
            log.warn("what is free of the disk of {} is told by nobody, and so it is not watched", folder);
        } else {
            disks.add(new Disk(folder, floorBytes));
        }
    }

    /** How many bytes are free beyond what must stay so, on the fullest; less than 0 where they are too few. */
    public long headroom() throws IOException {
        long least = Long.MAX_VALUE;
        for (Disk disk : disks) {
            // It tells 0 of a folder that is gone, as of one that is full.
            if (disk.folder().getTotalSpace() == 0) {
                throw new IOException("nothing is known of the disk of " + disk.folder());
            }
            least = Math.min(least, disk.folder().getUsableSpace() - disk.floorBytes());
        }
        return least;
    }
}

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
 * The disks that sessions write to, and the floor of free space of each. Reads them by path and not by {@link
 * java.nio.file.FileStore}, which needs the mount table, where containers do not list every mount. Its methods block.
 */
public final class DiskSpace {
    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
    /** If the profiles are on another disk than the data, that may be a small one: its floor is at most 1/20 of it. */
    private static final int PROFILE_DISK_SHARE = 20;

    private final List<Disk> disks = new ArrayList<>();

    private DiskSpace() {}

    private record Disk(File folder, long floorBytes) {}

    /** @param floorBytes how much of the data directory's disk stays free */
    public static DiskSpace of(Path dataDir, Path profiles, long floorBytes) throws IOException {
        DiskSpace space = new DiskSpace();
        space.add(dataDir.toFile(), floorBytes);
        if (!device(dataDir).equals(device(profiles))) {
            File other = profiles.toFile();
            space.add(other, Math.min(floorBytes, other.getTotalSpace() / PROFILE_DISK_SHARE));
        }
        return space;
    }

    /** The device number of the disk that holds {@code path}. */
    static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }

    private void add(File folder, long floorBytes) {
        if (folder.getTotalSpace() == 0) {
            log.warn("the disk of {} does not report its size, so its free space is not monitored", folder);
        } else {
            disks.add(new Disk(folder, floorBytes));
        }
    }

    /** The bytes that are free above the floor, on the fullest disk; negative when one is below its floor. */
    public long headroom() throws IOException {
        long least = Long.MAX_VALUE;
        for (Disk disk : disks) {
            // Both sizes are 0 for a missing folder; a full disk has a total size.
            if (disk.folder().getTotalSpace() == 0) {
                throw new IOException("no size is known of the disk of " + disk.folder());
            }
            least = Math.min(least, disk.folder().getUsableSpace() - disk.floorBytes());
        }
        return least;
    }
}

package dev.berth.config;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Disk space of this node that sessions use.
 *
 * @param sessionMib limit for what a live session has on disk; beyond it the session ends with {@code disk_full}
 *     (its downloads are cancelled earlier). The same limit holds for the files that are kept of a session, and for
 *     its logs
 * @param floorMib free space of the disk below which no session is created and the largest one ends
 */
public record DiskConfig(int sessionMib, int floorMib) {
    /** @param dataDir on the disk that {@code disk.floor-mib} is about */
    static DiskConfig read(Settings settings, Path dataDir) {
        return new DiskConfig(
                settings.integer("session.disk-mib", 1_024, 16, 1 << 20),
                settings.integer("disk.floor-mib", defaultFloorMib(dataDir), 0, 1 << 30));
    }

    /** 2 GiB, but at most a twentieth of the disk. */
    private static int defaultFloorMib(Path dataDir) {
        Path there = dataDir;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        // Not by FileStore: it looks the mount up in a list of mounts, which is incomplete in some containers.
        return (int) Math.min(2_048, (there.toFile().getTotalSpace() >> 20) / 20);
    }

    public long sessionBytes() {
        return (long) sessionMib << 20;
    }

    public long floorBytes() {
        return (long) floorMib << 20;
    }
}

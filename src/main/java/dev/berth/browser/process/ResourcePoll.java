package dev.berth.browser.process;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of the machine by Chromes at one time, each by its folder.
 *
 * @param free the bytes of the disk that are free above the floor
 * @param folders empty where folders were not due
 * @param nanos how long the measurement of memory took
 */
record ResourcePoll(long free, Map<Path, Use> uses, Optional<Map<Path, FolderSize>> folders, long nanos) {
    private static final Logger log = LoggerFactory.getLogger(ResourcePoll.class);

    /** The memory that a Chrome's processes take, and the processor time that they have used. */
    record Use(long memoryBytes, double cpuSeconds, long atNanos) {
        /** Time of a process that ended unseen may be missing. */
        double coresSince(Use earlier) {
            double seconds = (atNanos - earlier.atNanos) / (double) TimeUnit.SECONDS.toNanos(1);
            return Math.max(0, (cpuSeconds - earlier.cpuSeconds) / seconds);
        }
    }

    /**
     * Measures. Blocks.
     *
     * @param chromes their main processes, by their folders
     * @param foldersUpTo the free space up to which folders are due
     */
    static ResourcePoll of(long free, Map<Path, ProcessHandle> chromes, long foldersUpTo) throws IOException {
        Map<Path, Use> uses = new HashMap<>();
        Map<Path, Set<Long>> families = new HashMap<>();
        long begunNanos = System.nanoTime();
        if (!chromes.isEmpty()) {
            ProcessTable table = ProcessTable.look();
            long atNanos = System.nanoTime();
            chromes.forEach((home, process) -> families.put(home, table.family(process)));
            for (Map.Entry<Path, Set<Long>> family : families.entrySet()) {
                double cpuSeconds = table.cpuSeconds(family.getValue());
                uses.put(family.getKey(), new Use(ProcessTable.bytes(family.getValue()), cpuSeconds, atNanos));
            }
        }
        long nanos = System.nanoTime() - begunNanos;
        if (free > foldersUpTo) {
            return new ResourcePoll(free, uses, Optional.empty(), nanos);
        }
        Map<Path, FolderSize> folders = new HashMap<>();
        families.forEach((home, family) -> folder(home, family).ifPresent(size -> folders.put(home, size)));
        return new ResourcePoll(free, uses, Optional.of(folders), nanos);
    }

    /** A folder that can't be measured costs no other Chrome its measurement. */
    private static Optional<FolderSize> folder(Path home, Set<Long> family) {
        try {
            FolderSize folder = FolderSize.of(home);
            long unlinked = FolderSize.unlinked(family, DiskSpace.device(home));
            return Optional.of(new FolderSize(folder.bytes() + unlinked, folder.tooMany()));
        } catch (NoSuchFileException e) {
            log.debug("the folder {} of a Chrome is gone", home);
        } catch (IOException e) {
            log.warn("the folder {} of a Chrome can't be measured: {}", home, e.toString());
        }
        return Optional.empty();
    }
}

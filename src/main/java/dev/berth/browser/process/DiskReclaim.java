package dev.berth.browser.process;

import java.util.Optional;

/**
 * Decides whether ending another session would free space on a full disk. If the last end freed less than half of what the
 * session took, something else fills the disk, and more sessions would end in vain. Pure.
 */
final class DiskReclaim {
    private Optional<End> last = Optional.empty();
    private boolean inVain;

    private record End(long headroom, long bytes, long others) {}

    /** The disk has space again. */
    void reset() {
        last = Optional.empty();
        inVain = false;
    }

    /**
     * @param headroom bytes free above the floor, measured after the last ended session was deleted
     * @param taken bytes that the present sessions take
     * @return false after an end in vain, until {@link #reset}
     */
    boolean helps(long headroom, long taken) {
        inVain |= last.isPresent()
                && gained(last.get(), headroom, taken) < last.get().bytes() / 2;
        return !inVain;
    }

    /** The growth of the other sessions meanwhile counts as gained: the end made it possible. */
    private static long gained(End end, long headroom, long taken) {
        return headroom - end.headroom() + Math.max(0, taken - end.others());
    }

    /**
     * A session was ended.
     *
     * @param bytes what it took
     * @param others what the other sessions take
     */
    void ended(long headroom, long bytes, long others) {
        last = Optional.of(new End(headroom, bytes, others));
    }
}

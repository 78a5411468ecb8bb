package dev.berth.browser.process;

import java.util.Optional;

/**
 * Whether the end of another session gives a full disk room. Where the last one's did not, it is others that fill the disk, and
 * sessions would end in vain, one after the other. Pure.
 */
final class RoomMaking {
    private Optional<End> last = Optional.empty();
    private boolean inVain;

    private record End(long headroom, long bytes, long others) {}

    /** There is room. */
    void done() {
        last = Optional.empty();
        inVain = false;
    }

    /**
     * @param headroom what is free beyond the floor, since the last one is gone
     * @param taken by the sessions that there are
     * @return false once it was in vain, until there is room
     */
    boolean helps(long headroom, long taken) {
        inVain |= last.isPresent()
                && gained(last.get(), headroom, taken) < last.get().bytes() / 2;
        return !inVain;
    }

    /** What the others have taken meanwhile was gained too. */
    private static long gained(End end, long headroom, long taken) {
        return headroom - end.headroom() + Math.max(0, taken - end.others());
    }

    /** @param others what the others take that there are */
    void ended(long headroom, long bytes, long others) {
        last = Optional.of(new End(headroom, bytes, others));
    }
}

package dev.berth.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much memory clients may take together for what they are in the middle of sending, and how much of it one user. Who has to
 * wait is told, in the order of asking; only what waits for others of its own user is passed by. For any thread.
 */
public final class MemoryBudget {
    private static final long MOST_BYTES = 256L << 20;

    private final long maxBytes;
    private final long maxBytesEach;
    // Guarded by this, for moments, as is what each share holds.
    private final Map<Object, Long> users = new HashMap<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private long used;

    /** @param maxBytesEach of one user: what is asked for at once must not be more */
    public MemoryBudget(long maxBytes, long maxBytesEach) {
        this.maxBytes = maxBytes;
        this.maxBytesEach = maxBytesEach;
    }

    /** A quarter, but for each of two users room for one message of any length that may be. */
    public static MemoryBudget ofMessages(long heapBytes, long maxMessageBytes) {
        long bytes = Math.max(2 * maxMessageBytes, Math.min(MOST_BYTES, heapBytes / 4));
        return new MemoryBudget(bytes, bytes / 2);
    }

    /** An eighth, of which one user has a quarter, but room for one body of any length that may be. */
    public static MemoryBudget ofBodies(long heapBytes, long maxBodyBytes) {
        long bytes = heapBytes / 8;
        return new MemoryBudget(bytes, Math.min(bytes, Math.max(bytes / 4, maxBodyBytes)));
    }

    public long maxBytes() {
        return maxBytes;
    }

    public long maxBytesEach() {
        return maxBytesEach;
    }

    public synchronized long usedBytes() {
        return used;
    }

    /** For one who does not wait. */
    public Share share(Object user) {
        return share(user, () -> {});
    }

    /** @param onRoom called, on any thread, when what was asked for is there */
    public Share share(Object user, Runnable onRoom) {
        return new Share(user, onRoom);
    }

    /** Gives those who wait what there is, and tells who they are. */
    private List<Share> grant() {
        List<Share> granted = new ArrayList<>();
        for (Iterator<Share> asking = waiting.iterator(); asking.hasNext(); ) {
            Share next = asking.next();
            long more = next.wanted - next.held;
            if (next.ofUser() + more > maxBytesEach) {
                continue;
            } else if (used + more > maxBytes) {
                break;
            }
            next.set(next.wanted);
            asking.remove();
            granted.add(next);
        }
        return granted;
    }

    /** What one holder has of it. */
    public final class Share {
        private final Object user;
        private final Runnable onRoom;
        private long held;
        private long wanted;

        private Share(Object user, Runnable onRoom) {
            this.user = user;
            this.onRoom = onRoom;
        }

        /** Whether it holds so much in all now; else it will, and is told. To hold no more than before it can at once. */
        public boolean ask(long bytes) {
            List<Share> granted;
            synchronized (MemoryBudget.this) {
                wanted = bytes;
                if (bytes <= held) {
                    waiting.remove(this);
                    set(bytes);
                } else {
                    waiting.add(this);
                }
                granted = grant();
            }
            tell(granted);
            return !isWaiting();
        }

        /** Whether there is room for it to hold so much in all; else it holds what it held. */
        public boolean tryHold(long bytes) {
            synchronized (MemoryBudget.this) {
                long more = bytes - held;
                if (more > 0) {
                    boolean room = used + more <= maxBytes && ofUser() + more <= maxBytesEach;
                    if (room) {
                        set(bytes);
                    }
                    return room;
                }
            }
            hold(bytes);
            return true;
        }

        /** Holds so much, which it has already, and waits for no more. */
        public void hold(long bytes) {
            List<Share> granted;
            synchronized (MemoryBudget.this) {
                waiting.remove(this);
                set(bytes);
                granted = grant();
            }
            tell(granted);
        }

        public boolean isWaiting() {
            synchronized (MemoryBudget.this) {
                return waiting.contains(this);
            }
        }

        private long ofUser() {
            return users.getOrDefault(user, 0L);
        }

        private void tell(List<Share> granted) {
            granted.stream().filter(share -> share != this).forEach(share -> share.onRoom.run());
        }

        private void set(long bytes) {
            long more = bytes - held;
            held = bytes;
            used += more;
            users.merge(user, more, (had, plus) -> had + plus == 0 ? null : had + plus);
            if (bytes == 0) {
                users.remove(user, 0L);
            }
        }
    }
}

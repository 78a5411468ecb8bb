package dev.berth.limits;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Bounds the memory of what clients are sending or being sent, in total and per user. Requests that do not fit are refused, or wait and
 * are granted in order; a request that waits only for its own user's share does not hold up others. For any thread.
 */
public final class MemoryBudget {
    private static final long MOST_BYTES = 256L << 20;

    private final long maxBytes;
    private final long maxBytesEach;
    // Guarded by this, as is the state of each share.
    private final Map<Object, Long> users = new HashMap<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private long used;

    /** @param maxBytesEach for one user; no single request may be larger */
    public MemoryBudget(long maxBytes, long maxBytesEach) {
        this.maxBytes = maxBytes;
        this.maxBytesEach = maxBytesEach;
    }

    /** A budget that does not tell users apart. */
    public MemoryBudget(long maxBytes) {
        this(maxBytes, maxBytes);
    }

    /**
     * For messages: a quarter of the heap, at most 256 MiB, but enough for two users with one message of the largest size each.
     */
    public static MemoryBudget ofMessages(long heapBytes, long maxMessageBytes) {
        long bytes = Math.max(2 * maxMessageBytes, Math.min(MOST_BYTES, heapBytes / 4));
        return new MemoryBudget(bytes, bytes / 2);
    }

    /** For bodies: an eighth of the heap, of which one user gets a quarter, but enough for one body of the largest size. */
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

    public synchronized boolean isSpent() {
        return used >= maxBytes;
    }

    /** The same where the budget does not tell users apart. */
    public Share share() {
        return share("all");
    }

    /** A share for a caller that does not wait. */
    public Share share(Object user) {
        return share(user, () -> {});
    }

    /** @param onRoom called on any thread when memory that was asked for is granted */
    public Share share(Object user, Runnable onRoom) {
        return new Share(user, onRoom);
    }

    /** Does {@code work} with a share that is closed when that is done. For a budget that does not tell users apart. */
    public <T> Future<T> lend(Function<Share, Future<T>> work) {
        return lend("all", work);
    }

    /** The same for a user. */
    public <T> Future<T> lend(Object user, Function<Share, Future<T>> work) {
        Share share = share(user);
        return Future.succeededFuture().compose(now -> work.apply(share)).onComplete(done -> share.close());
    }

    /** Grants waiting requests in order. Gives those that were granted. */
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

    /** The part of the budget that one holder has. */
    public final class Share implements AutoCloseable {
        private final Object user;
        private final Runnable onRoom;
        private long held;
        private long wanted;
        private boolean closed;

        private Share(Object user, Runnable onRoom) {
            this.user = user;
            this.onRoom = onRoom;
        }

        /**
         * Asks to hold {@code bytes} in total. True if they are granted now, else {@code onRoom} is called when they are. To
         * hold less is granted at once.
         */
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

        /** Holds {@code bytes} in total if there is room, else leaves the share unchanged. */
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

        /** Holds {@code more} bytes than before if there is room. Not once it is closed. */
        public boolean tryAdd(long more) {
            synchronized (MemoryBudget.this) {
                return !closed && (more == 0 || tryHold(held + more));
            }
        }

        /** Gives everything back, for good. */
        @Override
        public void close() {
            synchronized (MemoryBudget.this) {
                closed = true;
            }
            hold(0);
        }

        /** Reduces the share to {@code bytes}, and stops waiting. */
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

package dev.berth.browser.cdp;

import dev.berth.limits.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The messages that have come for a party and were not taken yet, each with a NUL behind it, in bounded memory. A client's inbox that is
 * overfull is of no use any more; the server's own parties miss entries of logs instead, and never anything else. For any thread.
 */
final class Inbox {
    /** Limit for what waits for one party: bytes. One larger message is let in too. */
    static final long MAX_BYTES = 128L << 20;
    /** Bytes of an inbox that need no room in the node's budget. */
    private static final int FREE_BYTES = 1 << 20;
    /** The overhead of a piece: bytes. */
    private static final int PIECE_BYTES = 128;

    private static final List<byte[]> LOGS = List.of(
            ascii("{\"method\":\"Runtime.consoleAPICalled\""),
            ascii("{\"method\":\"Runtime.exceptionThrown\""),
            ascii("{\"method\":\"Log.entryAdded\""),
            ascii("{\"method\":\"Network."));

    private final MemoryBudget.Share budget;
    private final Party.Kind kind;
    private final Queue<ByteBuf> ready = new ArrayDeque<>();
    private ByteBuf building;
    private long held;
    private int dropped;
    private boolean overfull;
    private boolean closed;

    Inbox(MemoryBudget.Share budget, Party.Kind kind) {
        this.budget = budget;
        this.kind = kind;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether all that came was taken, and what was made of it is done. */
    synchronized boolean isEmpty() {
        return held == 0;
    }

    /** A message; it is ready to be taken after {@link #seal}. */
    synchronized void add(byte[] bytes, int from, int to) {
        if (closed || !hold(to - from + 1, bytes, from, to)) {
            return;
        }
        if (building == null) {
            building = PooledByteBufAllocator.DEFAULT.directBuffer();
            held += PIECE_BYTES;
        }
        building.writeBytes(bytes, from, to - from).writeByte(0);
    }

    /** The same for one that comes in pieces. They are released, now or later. */
    synchronized void add(List<ByteBuf> pieces, byte[] head) {
        long length = pieces.stream().mapToLong(Inbox::size).sum();
        if (closed || !hold(length, head, 0, head.length)) {
            pieces.forEach(ByteBuf::release);
            return;
        }
        seal();
        ready.addAll(pieces);
    }

    private boolean hold(long length, byte[] head, int from, int to) {
        long now = held + length;
        boolean room = now <= FREE_BYTES || (now <= MAX_BYTES || held == 0) && budget.tryHold(now);
        if (!room && kind == Party.Kind.SERVER && isLogged(head, from, to)) {
            dropped++;
            return false;
        }
        // Answers to the server's own commands are few.
        overfull = overfull || !room && (kind == Party.Kind.CLIENT || now > 2 * MAX_BYTES);
        if (!overfull) {
            held = now;
        }
        return !overfull;
    }

    private static boolean isLogged(byte[] head, int from, int to) {
        return LOGS.stream().anyMatch(start -> MessageHead.startsWith(head, from, to, start));
    }

    /** Whether more came than may wait. */
    synchronized boolean isOverfull() {
        return overfull;
    }

    /** How many entries of logs were not kept, since this was last asked. */
    synchronized int takeDropped() {
        int taken = dropped;
        dropped = 0;
        return taken;
    }

    /** Makes the added messages ready to be taken; returns whether a message is ready. */
    synchronized boolean seal() {
        if (building != null) {
            ready.add(building);
            building = null;
        }
        return !ready.isEmpty();
    }

    synchronized boolean isReady() {
        return !ready.isEmpty();
    }

    /** {@link #taken} is called when all is done that is to be done with it. */
    synchronized Optional<ByteBuf> take() {
        return Optional.ofNullable(ready.poll());
    }

    synchronized void taken(ByteBuf bytes) {
        if (!closed) {
            held -= size(bytes);
            budget.hold(held > FREE_BYTES ? held : 0);
        }
        bytes.release();
    }

    private static long size(ByteBuf bytes) {
        return bytes.writerIndex() + PIECE_BYTES;
    }

    /** Takes no more, and drops what is there. */
    synchronized void close() {
        seal();
        closed = true;
        ready.forEach(ByteBuf::release);
        ready.clear();
        held = 0;
        budget.hold(0);
    }
}

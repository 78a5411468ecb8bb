package dev.berth.browser.cdp;

import dev.berth.limits.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits the bytes that come from a pipe into messages, at the NUL that ends each. The session id, and so the party, stands at a message's
 * end: a message that comes in several chunks is kept until then, a large one outside of Java's heap but for its end.
 */
final class MessageSplitter {
    static final int HEAD_BYTES = 512;
    static final int TAIL_BYTES = 128;
    private static final int PIECE_BYTES = 1 << 16;
    private static final int FIRST_BYTES = 4_096;
    /** Bytes of a message that need no room in the node's budget. */
    private static final int FREE_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};

    private final MemoryBudget.Share budget;
    private final MessageRouter router;
    private byte[] held = NOTHING;
    private int heldLength;
    private byte[] head = NOTHING;
    private List<ByteBuf> pieces = new ArrayList<>();
    private long sealed;
    private boolean dropping;

    /**
     * A message that is too large for one array.
     *
     * @param head its beginning, in so many bytes as tell what it is
     * @param pieces all before its rest, to be released by who gets them; none where there was no room
     * @param rest of which so many bytes are its end, among them the {@value #TAIL_BYTES} last ones; used again
     */
    record Large(byte[] head, List<ByteBuf> pieces, byte[] rest, int restLength, long length) {
        boolean isKept() {
            return !pieces.isEmpty();
        }

        /** The message in one array; releases the pieces. */
        byte[] whole() {
            byte[] all = new byte[(int) length];
            int at = 0;
            for (ByteBuf piece : pieces) {
                int count = piece.readableBytes();
                piece.readBytes(all, at, count).release();
                at += count;
            }
            System.arraycopy(rest, 0, all, at, restLength);
            return all;
        }
    }

    MessageSplitter(MemoryBudget.Share budget, MessageRouter router) {
        this.budget = budget;
        this.router = router;
    }

    void feed(byte[] chunk, int length) {
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (chunk[at] == 0) {
                end(chunk, from, at);
                from = at + 1;
            }
        }
        if (from < length) {
            hold(chunk, from, length);
        }
    }

    private void end(byte[] chunk, int from, int to) {
        if (heldLength == 0) {
            router.message(chunk, from, to);
            return;
        }
        hold(chunk, from, to);
        if (sealed == 0) {
            router.message(held, 0, heldLength);
        } else {
            List<ByteBuf> all = pieces;
            pieces = new ArrayList<>();
            budget.hold(0);
            router.large(new Large(head, all, held, heldLength, sealed + heldLength));
        }
        reset();
    }

    private void hold(byte[] bytes, int from, int to) {
        int length = to - from;
        if (heldLength + length > held.length) {
            held = Arrays.copyOf(held, Math.max(FIRST_BYTES, Math.max(heldLength + length, 2 * heldLength)));
        }
        System.arraycopy(bytes, from, held, heldLength, length);
        heldLength += length;
        if (heldLength >= PIECE_BYTES + TAIL_BYTES) {
            seal();
        }
    }

    private void seal() {
        int count = heldLength - TAIL_BYTES;
        if (sealed == 0) {
            head = Arrays.copyOf(held, HEAD_BYTES);
        }
        sealed += count;
        if (!dropping && sealed > FREE_BYTES && !budget.tryHold(sealed)) {
            drop();
            dropping = true;
        }
        if (!dropping) {
            pieces.add(PooledByteBufAllocator.DEFAULT.directBuffer(count).writeBytes(held, 0, count));
        }
        System.arraycopy(held, count, held, 0, TAIL_BYTES);
        heldLength = TAIL_BYTES;
    }

    private void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        budget.hold(0);
    }

    private void reset() {
        heldLength = 0;
        sealed = 0;
        dropping = false;
        head = NOTHING;
        if (held.length > PIECE_BYTES) {
            held = NOTHING;
        }
    }

    /** Ends the input: no further bytes come. */
    void close() {
        drop();
        reset();
    }
}

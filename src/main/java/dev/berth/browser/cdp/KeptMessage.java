package dev.berth.browser.cdp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/** The kept part of the message that comes, in one array: no more bytes than the message may have. For one thread. */
final class KeptMessage {
    static final int MAX_EVENT_BYTES = 1 << 18;
    static final int MAX_ANSWER_BYTES = 1 << 22;

    private static final int KEPT_BYTES = 1 << 16;

    private final MessageKeeper.Listener listener;
    private byte[] kept = new byte[KEPT_BYTES];
    private int length;
    private final byte[] tail = new byte[MessageSplitter.TAIL_BYTES];
    private int tailLength;
    private long total;
    private boolean overflown;
    private boolean noRoom;

    KeptMessage(MessageKeeper.Listener listener) {
        this.listener = listener;
    }

    /** Counts the bytes that came, kept or not, and keeps the message's last ones. */
    void came(byte[] bytes, int from, int to) {
        total += to - from;
        int count = Math.min(tail.length, to - from);
        int before = Math.min(tailLength, tail.length - count);
        System.arraycopy(tail, tailLength - before, tail, 0, before);
        System.arraycopy(bytes, to - count, tail, before, count);
        tailLength = before + count;
    }

    /** The beginning is kept in any case: it tells what the message is. */
    void copy(byte[] bytes, int from, int to) {
        if (overflown) {
            return;
        }
        int fits = Math.min(to - from, kept.length - length);
        System.arraycopy(bytes, from, kept, length, fits);
        length += fits;
        int more = to - from - fits;
        if (more > limit() - length) {
            overflow();
        } else if (more > 0) {
            grow((int) Math.min(limit(), Math.max(length + more, 2L * kept.length)));
        }
        if (!overflown) {
            System.arraycopy(bytes, to - more, kept, length, more);
            length += more;
        }
    }

    private void grow(int bytes) {
        OptionalLong id = id();
        noRoom = id.isPresent() && bytes > MessageKeeper.FREE_BYTES && !listener.hasRoom((int) id.getAsLong(), bytes);
        if (noRoom) {
            overflow();
        } else {
            kept = Arrays.copyOf(kept, bytes);
        }
    }

    /** Cuts the message down to its beginning, which says what the message is. */
    private void overflow() {
        overflown = true;
        kept = Arrays.copyOf(kept, KEPT_BYTES);
        length = Math.min(length, KEPT_BYTES);
    }

    private int limit() {
        int whole = wholeBytes();
        return whole > 0 ? whole : id().isPresent() ? MAX_ANSWER_BYTES : MAX_EVENT_BYTES;
    }

    /** How many bytes are wanted of it, all its texts uncut; 0 for what is usual. */
    int wholeBytes() {
        OptionalLong id = id();
        return id.isPresent() ? listener.wholeBytes((int) id.getAsLong()) : listener.wholeEventBytes(kept, length);
    }

    /** The id of the command that the message answers; empty for an event. */
    OptionalLong id() {
        return MessageHead.id(kept, 0, length);
    }

    int length() {
        return length;
    }

    boolean isOverflown() {
        return overflown;
    }

    boolean startsWith(byte[] start) {
        return MessageHead.startsWith(kept, 0, length, start);
    }

    String text(int from, int to) {
        return new String(kept, from, to - from, StandardCharsets.UTF_8);
    }

    /** The message is complete: passes it, or the reason why it was not kept, to the listener. */
    void tell() {
        if (!overflown) {
            listener.message(kept, length);
        } else if (noRoom) {
            listener.unheldAnswer((int) id().getAsLong());
        } else if (id().isPresent()) {
            listener.oversizedAnswer((int) id().getAsLong(), total, limit());
        } else {
            String session = MessageTail.of(tail, 0, tailLength).sessionId();
            listener.oversizedEvent(session, MessageHead.method(kept, 0, length), total);
        }
    }

    /** For the next one. */
    void reset() {
        if (kept.length > KEPT_BYTES) {
            kept = new byte[KEPT_BYTES];
        }
        length = 0;
        tailLength = 0;
        total = 0;
        overflown = false;
        noRoom = false;
    }
}

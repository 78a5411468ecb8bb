package dev.berth.websocket;

import io.vertx.core.buffer.Buffer;

/**
 * The header of a WebSocket frame (RFC 6455, 5.2): written in one go, read byte by byte in whatever chunks it arrives. Reading
 * allocates nothing.
 */
public final class FrameHeader {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    public static final int MAX_CONTROL_BYTES = 125;

    static final int MAX_BYTES = 14;
    /** In the first byte, next to the opcode. */
    static final int LAST = 0x80;

    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x08;
    /** In the second byte, next to the size. */
    private static final int MASKED = 0x80;

    private static final int SIZE = 0x7f;
    private static final int SHORT_FOLLOWS = 126;
    private static final int LONG_FOLLOWS = 127;
    private static final int MASK_BYTES = 4;

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    // Writing

    /**
     * Appends a header.
     *
     * @param first the first byte: the opcode, and {@link #LAST} for the last fragment
     */
    static void append(Buffer to, int first, int payloadBytes) {
        append(to, first, 0, payloadBytes);
    }

    /** Appends a header with a mask of zero, which leaves the payload unchanged. */
    static void appendMasked(Buffer to, int first, int payloadBytes) {
        append(to, first, MASKED, payloadBytes);
        to.appendInt(0);
    }

    private static void append(Buffer to, int first, int masked, int payloadBytes) {
        to.appendByte((byte) first);
        if (payloadBytes < SHORT_FOLLOWS) {
            to.appendByte((byte) (masked | payloadBytes));
        } else if (payloadBytes < 1 << 16) {
            to.appendByte((byte) (masked | SHORT_FOLLOWS)).appendShort((short) payloadBytes);
        } else {
            to.appendByte((byte) (masked | LONG_FOLLOWS)).appendLong(payloadBytes);
        }
    }

    // Reading

    /**
     * Checks the first two bytes of a client's frame: an invalid one fails before the rest of its header. Throws
     * {@link Violation}.
     *
     * @param inMessage whether fragments of a message have come, and its last one not yet
     */
    public void requireFromClient(boolean inMessage) {
        if (hasReservedBits()) {
            throw new Violation(1002, "reserved bits are set");
        }
        if (!isMasked()) {
            throw new Violation(1002, "frames of a client must be masked");
        }
        boolean unknown = isControl() ? opcode() > PONG || !isLast() || isLong() : opcode() > BINARY;
        if (unknown) {
            throw new Violation(1002, "unknown kind of frame");
        }
        if (!isControl() && (opcode() == CONTINUATION) != inMessage) {
            throw new Violation(1002, "the fragments are out of order");
        }
    }

    /** Starts the next header. */
    public void reset() {
        length = 0;
    }

    /** Adds the next byte of a header that is not complete. */
    public void add(byte next) {
        bytes[length++] = next;
    }

    /** Adds the bytes of the header from {@code at} on. Gives the position after them. */
    public int read(Buffer from, int at) {
        int next = at;
        while (next < from.length() && !isComplete()) {
            add(from.getByte(next++));
        }
        return next;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public boolean isComplete() {
        return length >= 2 && length == maskAt() + (isMasked() ? MASK_BYTES : 0);
    }

    /** Whether two bytes were read: opcode and flags are known now. */
    public boolean isStarted() {
        return length == 2;
    }

    public int opcode() {
        return bytes[0] & OPCODE;
    }

    /** Whether this frame ends its message. */
    public boolean isLast() {
        return (bytes[0] & LAST) != 0;
    }

    public boolean isControl() {
        return (bytes[0] & CONTROL) != 0;
    }

    public boolean hasReservedBits() {
        return (bytes[0] & RESERVED) != 0;
    }

    public boolean isMasked() {
        return (bytes[1] & MASKED) != 0;
    }

    /** Whether the payload is larger than a control frame may have. */
    public boolean isLong() {
        return (bytes[1] & SIZE) > MAX_CONTROL_BYTES;
    }

    /** The length of a complete header. Negative where the sender violates the protocol. */
    public long payloadBytes() {
        int extended = extendedBytes();
        if (extended == 0) {
            return bytes[1] & SIZE;
        }
        long value = 0;
        for (int i = 2; i < 2 + extended; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** The mask for the payload's byte at {@code place}. */
    public byte mask(int place) {
        return bytes[maskAt() + (place & 3)];
    }

    /** The first byte for a fragment that does not end the message. */
    int firstOfMore() {
        return bytes[0] & 0xff & ~LAST;
    }

    private int maskAt() {
        return 2 + extendedBytes();
    }

    private int extendedBytes() {
        int size = bytes[1] & SIZE;
        return size == LONG_FOLLOWS ? Long.BYTES : size == SHORT_FOLLOWS ? Short.BYTES : 0;
    }
}

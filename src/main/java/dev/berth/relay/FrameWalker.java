package dev.berth.relay;

import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;

/**
 * Walks over the WebSocket frames that Chrome sends, whatever chunks they come in: tells where one ends, so that other
 * frames can be put in there, and shows the heads of those text messages that somebody waits for. Allocates nothing.
 */
final class FrameWalker {
    static final int MAX_HEAD_BYTES = 4_096;

    private static final int MAX_HEADER_BYTES = 14;
    private static final int TEXT = 1;

    private final BooleanSupplier watching;
    private final HeadReader reader;
    private final byte[] header = new byte[MAX_HEADER_BYTES];
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headerLength;
    private int headLength;
    private long payloadLeft;
    private boolean inPayload;
    private boolean inMessage;
    private boolean capturing;
    private boolean wanted;

    /** Gets the first bytes of a message, at most {@value #MAX_HEAD_BYTES}; the array is used again. */
    interface HeadReader {
        void read(byte[] head, int length);
    }

    /**
     * @param watching asked where a text message begins, whether its head is wanted; that of a {@link TargetEvent} always is
     */
    FrameWalker(BooleanSupplier watching, HeadReader reader) {
        this.watching = watching;
        this.reader = reader;
    }

    /** Whether what was walked over so far ends where a frame ends: a control frame may stand there. */
    boolean atFrameEnd() {
        return !inPayload && headerLength == 0;
    }

    /** Whether it ends where a message ends: any frame may stand there. */
    boolean atMessageEnd() {
        return !inMessage && atFrameEnd();
    }

    /** Walks from {@code from} to where a frame ends, or else to the end of {@code bytes}; gives how far it got. */
    int advance(Buffer bytes, int from) {
        int at = from;
        int end = bytes.length();
        while (!inPayload && at < end) {
            header[headerLength++] = bytes.getByte(at++);
            openIfComplete();
        }
        return inPayload ? walkPayload(bytes, at, end) : at;
    }

    private void openIfComplete() {
        if (headerLength < 2) {
            return;
        }
        int size = header[1] & 0x7f;
        int extended = size == 127 ? 8 : size == 126 ? 2 : 0;
        int masked = (header[1] & 0x80) != 0 ? 4 : 0;
        if (headerLength < 2 + extended + masked) {
            return;
        }
        payloadLeft = extended == 0 ? size : bigEndian(extended);
        inPayload = true;
        if ((header[0] & 0x0f) == TEXT) {
            wanted = watching.getAsBoolean();
            capturing = true;
            headLength = 0;
        }
    }

    private long bigEndian(int length) {
        long value = 0;
        for (int i = 2; i < 2 + length; i++) {
            value = value << 8 | header[i] & 0xff;
        }
        return value;
    }

    private int walkPayload(Buffer bytes, int at, int end) {
        int part = (int) Math.min(payloadLeft, end - at);
        if (capturing && !control()) {
            capture(bytes, at, part);
        }
        payloadLeft -= part;
        if (payloadLeft == 0) {
            close();
        }
        return at + part;
    }

    private boolean control() {
        return (header[0] & 0x08) != 0;
    }

    private void capture(Buffer bytes, int at, int part) {
        int copied = 0;
        if (!wanted) {
            copied = copy(bytes, at, Math.min(part, TargetEvent.DECISIVE_BYTES - headLength));
            if (headLength < TargetEvent.DECISIVE_BYTES) {
                return;
            }
            wanted = TargetEvent.mayBegin(head, headLength);
            capturing = wanted;
        }
        if (wanted) {
            copy(bytes, at + copied, Math.min(part - copied, MAX_HEAD_BYTES - headLength));
            boolean whole = part == payloadLeft && (header[0] & 0x80) != 0;
            if (whole || headLength == MAX_HEAD_BYTES) {
                capturing = false;
                reader.read(head, headLength);
            }
        }
    }

    private int copy(Buffer bytes, int at, int count) {
        bytes.getBytes(at, at + count, head, headLength);
        headLength += count;
        return count;
    }

    private void close() {
        if (!control()) {
            inMessage = (header[0] & 0x80) == 0;
        }
        inPayload = false;
        headerLength = 0;
    }
}

package dev.berth.relay;

import dev.berth.websocket.FrameHeader;
import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;

/**
 * Walks over the WebSocket frames of Chrome, in whatever chunks they arrive. Finds the ends of frames, where others may be
 * inserted, and passes the heads of text messages that are wanted to a reader. Allocates nothing.
 */
final class FrameWalker {
    static final int MAX_HEAD_BYTES = 4_096;

    private final BooleanSupplier watching;
    private final HeadReader reader;
    private final FrameHeader header = new FrameHeader();
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private long payloadLeft;
    private boolean inPayload;
    private boolean inMessage;
    private boolean capturing;
    private boolean wanted;

    /** Gets the first bytes of a message, at most {@value #MAX_HEAD_BYTES}. The array is reused. */
    interface HeadReader {
        void read(byte[] head, int length);
    }

    /**
     * @param watching asked at the start of each text message whether its head is wanted; the head of a {@link TargetEvent}
     * always is
     */
    FrameWalker(BooleanSupplier watching, HeadReader reader) {
        this.watching = watching;
        this.reader = reader;
    }

    /** Whether the walk is at the end of a frame, where a control frame may stand. */
    boolean atFrameEnd() {
        return !inPayload && header.isEmpty();
    }

    /** Whether the walk is at the end of a message, where any frame may stand. */
    boolean atMessageEnd() {
        return !inMessage && atFrameEnd();
    }

    /** Walks from {@code from} to the end of a frame, or to the end of {@code bytes}. Gives the new position. */
    int advance(Buffer bytes, int from) {
        int at = from;
        if (!inPayload) {
            at = header.read(bytes, from);
            if (header.isComplete()) {
                open();
            }
        }
        return inPayload ? walkPayload(bytes, at, bytes.length()) : at;
    }

    private void open() {
        payloadLeft = header.payloadBytes();
        inPayload = true;
        if (header.opcode() == FrameHeader.TEXT) {
            wanted = watching.getAsBoolean();
            capturing = true;
            headLength = 0;
        }
    }

    private int walkPayload(Buffer bytes, int at, int end) {
        int part = (int) Math.min(payloadLeft, end - at);
        if (capturing && !header.isControl()) {
            capture(bytes, at, part);
        }
        payloadLeft -= part;
        if (payloadLeft == 0) {
            close();
        }
        return at + part;
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
            boolean whole = part == payloadLeft && header.isLast();
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
        if (!header.isControl()) {
            inMessage = !header.isLast();
        }
        inPayload = false;
        header.reset();
    }
}

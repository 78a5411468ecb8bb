package dev.berth.websocket;

import io.vertx.core.buffer.Buffer;

/**
 * Reads frames (RFC 6455, 5.2) in whatever chunks they arrive, a client's or a server's. Passes on the payload of a message as it comes, so that
 * its receiver decides how much memory a message gets.
 */
public final class FrameReader {
    static final int MAX_HEADER_BYTES = 14;
    private static final int MASK_BYTES = 4;
    private static final int LAST = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    static final int MASKED = 0x80;
    static final int SIZE = 0x7f;
    private static final int MAX_CONTROL_BYTES = 125;

    private final Listener listener;
    /** Frames of a client have a mask, and those of a server have none. */
    private final boolean masked;

    private final byte[] header = new byte[MAX_HEADER_BYTES];
    private int headerLength;
    private long frameBytes;
    private long frameRead;
    private boolean inPayload;
    private boolean inMessage;
    /** The bytes of the message's frames so far, and the limit for the message. */
    private long messageBytes;

    private int maxBytes;
    private Buffer control = Buffer.buffer();

    /** Receives messages and control frames in order. Arrays are reused. */
    public interface Listener {
        /** A message begins. Gives the most bytes that it may have. Throws {@link Violation} where none may come. */
        int begins(boolean binary);

        /**
         * A frame of the message begins.
         *
         * @param bytes of the message up to the end of this frame
         * @param last whether the message ends with this frame
         */
        default void frame(long bytes, boolean last) {}

        void part(byte[] bytes, int from, int to);

        /** The message is whole. Gives whether to read on. */
        boolean ends();

        void ping(byte[] payload);

        /** @param payload code and reason, or empty */
        void close(byte[] payload);
    }

    /** Reads the frames of a client. */
    public FrameReader(Listener listener) {
        this(listener, true);
    }

    private FrameReader(Listener listener, boolean masked) {
        this.listener = listener;
        this.masked = masked;
    }

    /** Reads the frames of a server. */
    public static FrameReader ofServer(Listener listener) {
        return new FrameReader(listener, false);
    }

    /**
     * Reads a chunk from {@code from} on, and overwrites it. Gives where the reading stopped: at the chunk's end, or behind the
     * message at which the listener stopped. Throws {@link Violation}, after which the frames can't be read any further.
     */
    public int feed(byte[] chunk, int from) {
        int at = from;
        boolean on = true;
        while (on && at < chunk.length) {
            if (inPayload) {
                int end = at + (int) Math.min(frameBytes - frameRead, chunk.length - at);
                on = payload(chunk, at, end);
                at = end;
            } else {
                header[headerLength++] = chunk[at++];
                on = header();
            }
        }
        return at;
    }

    /** An invalid header fails at its second byte. */
    private boolean header() {
        if (headerLength == 2) {
            check();
        }
        if (headerLength < 2 || headerLength < maskAt() + (masked ? MASK_BYTES : 0)) {
            return true;
        }
        frameBytes = frameBytes();
        frameRead = 0;
        inPayload = true;
        if (!isControl()) {
            begin();
        }
        return frameBytes > 0 || end();
    }

    private void check() {
        boolean sound = isControl() ? opcode() <= FrameWriter.PONG && isLast() : opcode() <= FrameWriter.BINARY;
        if ((header[0] & RESERVED) != 0 || (header[1] & MASKED) != 0 != masked) {
            throw new Violation(1002, "frames of a client alone must be masked, and none has extensions");
        } else if (!sound || isControl() && (header[1] & SIZE) > MAX_CONTROL_BYTES) {
            throw new Violation(1002, "unknown kind of frame");
        } else if (!isControl() && (opcode() == FrameWriter.CONTINUATION) != inMessage) {
            throw new Violation(1002, "the fragments are out of order");
        }
    }

    private void begin() {
        if (!inMessage) {
            messageBytes = 0;
            maxBytes = listener.begins(opcode() == FrameWriter.BINARY);
            inMessage = true;
        }
        if (frameBytes < 0 || frameBytes > maxBytes - messageBytes) {
            throw new Violation(1009, "a message may have at most " + maxBytes + " bytes");
        }
        messageBytes += frameBytes;
        listener.frame(messageBytes, isLast());
    }

    private boolean payload(byte[] chunk, int from, int end) {
        if (masked) {
            unmask(chunk, from, end);
        }
        frameRead += end - from;
        if (isControl()) {
            control.appendBytes(chunk, from, end - from);
        } else {
            listener.part(chunk, from, end);
        }
        return frameRead < frameBytes || end();
    }

    /** Unrolled to four bytes, since the loop runs for every byte that clients send. */
    private void unmask(byte[] bytes, int from, int end) {
        int phase = (int) (frameRead & 3);
        byte a = mask(phase);
        byte b = mask(phase + 1);
        byte c = mask(phase + 2);
        byte d = mask(phase + 3);
        int at = from;
        for (; at < end - 3; at += 4) {
            bytes[at] ^= a;
            bytes[at + 1] ^= b;
            bytes[at + 2] ^= c;
            bytes[at + 3] ^= d;
        }
        for (; at < end; at++) {
            bytes[at] ^= mask(phase + at - from);
        }
    }

    private boolean end() {
        inPayload = false;
        headerLength = 0;
        if (isControl()) {
            Buffer payload = control;
            control = Buffer.buffer();
            tell(payload.getBytes());
            return true;
        }
        inMessage = !isLast();
        return inMessage || listener.ends();
    }

    private void tell(byte[] payload) {
        switch (opcode()) {
            case FrameWriter.CLOSE -> listener.close(payload);
            case FrameWriter.PING -> listener.ping(payload);
            default -> {} // a pong: that it came was enough
        }
    }

    // The header

    private int opcode() {
        return header[0] & OPCODE;
    }

    private boolean isLast() {
        return (header[0] & LAST) != 0;
    }

    private boolean isControl() {
        return opcode() >= FrameWriter.CLOSE;
    }

    private int maskAt() {
        int size = header[1] & SIZE;
        return 2
                + (size == FrameWriter.LONG_FOLLOWS ? Long.BYTES : size == FrameWriter.SHORT_FOLLOWS ? Short.BYTES : 0);
    }

    private byte mask(int place) {
        return header[maskAt() + (place & 3)];
    }

    /** Negative where the client violates the protocol. */
    private long frameBytes() {
        if (maskAt() == 2) {
            return header[1] & SIZE;
        }
        long bytes = 0;
        for (int i = 2; i < maskAt(); i++) {
            bytes = bytes << 8 | header[i] & 0xff;
        }
        return bytes;
    }

    /** A violation of the protocol or a limit by a client. Its frames can't be read any further. */
    public static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int closeCode;

        public Violation(int closeCode, String message) {
            super(message, null, false, false);
            this.closeCode = closeCode;
        }

        public CloseReason reason() {
            return new CloseReason(closeCode, getMessage());
        }
    }
}

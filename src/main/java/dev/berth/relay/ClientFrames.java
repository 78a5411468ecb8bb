package dev.berth.relay;

import dev.berth.relay.command.CommandText;
import java.util.Arrays;

/** Puts the WebSocket frames of a client together to messages, which are read as they come, whatever chunks they come in. */
final class ClientFrames {
    private static final int MAX_HEADER_BYTES = 14;
    private static final int MAX_CONTROL_BYTES = 125;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;

    private final int maxBytes;
    private final Listener listener;
    private final byte[] header = new byte[MAX_HEADER_BYTES];
    private final byte[] control = new byte[MAX_CONTROL_BYTES];
    private final CommandText message = new CommandText();
    private int headerLength;
    private int maskAt;
    private long frameLength;
    private long frameRead;
    private long receivedBytes;
    private boolean inPayload;
    private boolean inMessage;

    /** Hears whole messages and control frames, in order. Arrays are used again. */
    interface Listener {
        void message(CommandText text);

        void ping(byte[] payload);

        void pong();

        /** @param payload code and reason, or nothing */
        void close(byte[] payload);
    }

    /** What a client may not send. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int closeCode;

        Violation(int closeCode, String message) {
            super(message, null, false, false);
            this.closeCode = closeCode;
        }

        int closeCode() {
            return closeCode;
        }
    }

    /** @param maxBytes larger messages are a violation */
    ClientFrames(int maxBytes, Listener listener) {
        this.maxBytes = maxBytes;
        this.listener = listener;
    }

    /** Reads on; throws {@link Violation}, after which there is no going on. */
    void feed(byte[] chunk) {
        int at = 0;
        while (at < chunk.length) {
            if (!inPayload) {
                header[headerLength++] = chunk[at++];
                openIfComplete();
            }
            if (inPayload) {
                at = readPayload(chunk, at);
            }
        }
    }

    private void openIfComplete() {
        if (headerLength < 2) {
            return;
        }
        int size = header[1] & 0x7f;
        int extended = size == 127 ? 8 : size == 126 ? 2 : 0;
        if (headerLength == 2) {
            check(size);
        }
        if (headerLength < 2 + extended + 4) {
            return;
        }
        frameLength = extended == 0 ? size : bigEndian(extended);
        maskAt = 2 + extended;
        frameRead = 0;
        open();
    }

    private void check(int size) {
        if ((header[0] & 0x70) != 0) {
            throw new Violation(1002, "reserved bits are set");
        }
        if ((header[1] & 0x80) == 0) {
            throw new Violation(1002, "frames of a client must be masked");
        }
        if (control() ? opcode() > 10 || !last() || size > MAX_CONTROL_BYTES : opcode() > BINARY) {
            throw new Violation(1002, "no such frame");
        }
        if (opcode() == BINARY) {
            throw new Violation(1003, "CDP is text");
        }
        if (!control() && (opcode() == CONTINUATION) != inMessage) {
            throw new Violation(1002, "the fragments are in disorder");
        }
    }

    private void open() {
        if (!control() && (frameLength < 0 || frameLength > maxBytes - message.length())) {
            throw new Violation(1009, "a message may have " + maxBytes + " bytes");
        }
        inPayload = true;
        if (frameLength == 0) {
            close();
        }
    }

    private long bigEndian(int length) {
        long value = 0;
        for (int i = 2; i < 2 + length; i++) {
            value = value << 8 | header[i] & 0xff;
        }
        return value;
    }

    private int readPayload(byte[] chunk, int at) {
        int part = (int) Math.min(frameLength - frameRead, chunk.length - at);
        if (control()) {
            unmask(chunk, at, control, (int) frameRead, part);
            frameRead += part;
        } else {
            readText(chunk, at, at + part);
        }
        if (frameRead == frameLength) {
            close();
        }
        return at + part;
    }

    private void readText(byte[] chunk, int from, int end) {
        for (int at = from; at < end; ) {
            int part = Math.min(message.room(), end - at);
            unmask(chunk, at, message.array(), message.at(), part);
            message.added(part);
            frameRead += part;
            receivedBytes += part;
            at += part;
        }
    }

    /** Four bytes at a time: this is done to every byte that clients send. */
    private void unmask(byte[] from, int at, byte[] to, int toAt, int length) {
        int phase = (int) (frameRead & 3);
        byte a = mask(phase);
        byte b = mask(phase + 1);
        byte c = mask(phase + 2);
        byte d = mask(phase + 3);
        int i = 0;
        for (; i < length - 3; i += 4) {
            to[toAt + i] = (byte) (from[at + i] ^ a);
            to[toAt + i + 1] = (byte) (from[at + i + 1] ^ b);
            to[toAt + i + 2] = (byte) (from[at + i + 2] ^ c);
            to[toAt + i + 3] = (byte) (from[at + i + 3] ^ d);
        }
        for (; i < length; i++) {
            to[toAt + i] = (byte) (from[at + i] ^ mask(phase + i));
        }
    }

    private byte mask(int place) {
        return header[maskAt + (place & 3)];
    }

    /**
     * What the message that has not come to its end takes when it has, as far as it is kept at all: all of what it may have where
     * its fragments do not tell. 0 where it fits into what there is anyway.
     */
    long neededBytes() {
        boolean framed = inPayload && !control();
        long known = message.length() + (framed ? frameLength - frameRead : 0);
        if (known <= CommandText.PIECE_BYTES || !message.isKept()) {
            return 0;
        }
        return framed && last() ? known : maxBytes;
    }

    /** Of all messages until now. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Nobody wants its messages any more. */
    void discard() {
        message.discard();
    }

    private void close() {
        inPayload = false;
        headerLength = 0;
        if (control()) {
            tellControl(Arrays.copyOf(control, (int) frameLength));
        } else if (last()) {
            tellMessage();
        } else {
            inMessage = true;
        }
    }

    private void tellControl(byte[] payload) {
        switch (opcode()) {
            case 8 -> listener.close(payload);
            case 9 -> listener.ping(payload);
            default -> listener.pong();
        }
    }

    private void tellMessage() {
        inMessage = false;
        try {
            listener.message(message);
        } finally {
            message.reset();
        }
    }

    private int opcode() {
        return header[0] & 0x0f;
    }

    private boolean last() {
        return (header[0] & 0x80) != 0;
    }

    private boolean control() {
        return (header[0] & 0x08) != 0;
    }
}

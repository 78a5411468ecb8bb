package dev.berth.relay;

import dev.berth.relay.command.CommandText;
import dev.berth.websocket.FrameHeader;
import dev.berth.websocket.Violation;
import java.util.Arrays;

/** Assembles the WebSocket frames of a client to messages, in whatever chunks they arrive. */
final class ClientFrames {
    private final int maxBytes;
    private final Listener listener;
    private final FrameHeader header = new FrameHeader();
    private final byte[] control = new byte[FrameHeader.MAX_CONTROL_BYTES];
    private final CommandText message = new CommandText();
    private long frameLength;
    private long frameRead;
    private long receivedBytes;
    private boolean inPayload;
    private boolean inMessage;

    /** Receives complete messages and control frames in order. Arrays are reused. */
    interface Listener {
        void message(CommandText text);

        void ping(byte[] payload);

        void pong();

        /** @param payload code and reason, or empty */
        void close(byte[] payload);
    }

    /** @param maxBytes larger messages are a violation */
    ClientFrames(int maxBytes, Listener listener) {
        this.maxBytes = maxBytes;
        this.listener = listener;
    }

    /** Reads bytes. Throws {@link Violation}, after which the frames can't be read any further. */
    void feed(byte[] chunk) {
        int at = 0;
        while (at < chunk.length) {
            if (!inPayload) {
                header.add(chunk[at++]);
                checkAndOpen();
            }
            if (inPayload) {
                at = readPayload(chunk, at);
            }
        }
    }

    /** Checks the first two bytes at once: an invalid frame fails before the rest of its header. */
    private void checkAndOpen() {
        if (header.isStarted()) {
            check();
        }
        if (header.isComplete()) {
            frameLength = header.payloadBytes();
            frameRead = 0;
            open();
        }
    }

    private void check() {
        header.requireFromClient(inMessage);
        if (header.opcode() == FrameHeader.BINARY) {
            throw new Violation(1003, "CDP messages must be text");
        }
    }

    private void open() {
        if (!header.isControl() && (frameLength < 0 || frameLength > maxBytes - message.length())) {
            throw new Violation(1009, "a message may have at most " + maxBytes + " bytes");
        }
        inPayload = true;
        if (frameLength == 0) {
            close();
        }
    }

    private int readPayload(byte[] chunk, int at) {
        int part = (int) Math.min(frameLength - frameRead, chunk.length - at);
        if (header.isControl()) {
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

    /** Unrolled to four bytes, since it runs for every byte that clients send. */
    private void unmask(byte[] from, int at, byte[] to, int toAt, int length) {
        int phase = (int) (frameRead & 3);
        byte a = header.mask(phase);
        byte b = header.mask(phase + 1);
        byte c = header.mask(phase + 2);
        byte d = header.mask(phase + 3);
        int i = 0;
        for (; i < length - 3; i += 4) {
            to[toAt + i] = (byte) (from[at + i] ^ a);
            to[toAt + i + 1] = (byte) (from[at + i + 1] ^ b);
            to[toAt + i + 2] = (byte) (from[at + i + 2] ^ c);
            to[toAt + i + 3] = (byte) (from[at + i + 3] ^ d);
        }
        for (; i < length; i++) {
            to[toAt + i] = (byte) (from[at + i] ^ header.mask(phase + i));
        }
    }

    /**
     * The memory that the incomplete message needs in the end, if it is kept: the maximum where its fragments do not tell the
     * length. 0 where it fits into the present array.
     */
    long neededBytes() {
        boolean framed = inPayload && !header.isControl();
        long known = message.length() + (framed ? frameLength - frameRead : 0);
        if (known <= CommandText.PIECE_BYTES || !message.isKept()) {
            return 0;
        }
        return framed && header.isLast() ? known : maxBytes;
    }

    /** The total of all messages so far. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** From now on messages are read but not kept. */
    void discard() {
        message.discard();
    }

    private void close() {
        inPayload = false;
        header.reset();
        if (header.isControl()) {
            tellControl(Arrays.copyOf(control, (int) frameLength));
        } else if (header.isLast()) {
            tellMessage();
        } else {
            inMessage = true;
        }
    }

    private void tellControl(byte[] payload) {
        switch (header.opcode()) {
            case FrameHeader.CLOSE -> listener.close(payload);
            case FrameHeader.PING -> listener.ping(payload);
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
}

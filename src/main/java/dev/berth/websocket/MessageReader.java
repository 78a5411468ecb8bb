package dev.berth.websocket;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Assembles the frames of a client to whole messages, in whatever chunks they arrive. For clients that send little: a message
 * is small, except a binary one that was announced before.
 */
public final class MessageReader {
    private final int maxTextBytes;
    private final Listener listener;
    private final FrameHeader header = new FrameHeader();
    private Buffer message = Buffer.buffer();
    private Buffer control = Buffer.buffer();
    private long left;
    private boolean inPayload;
    private boolean inMessage;
    private boolean binary;

    /** Receives complete messages and control frames in order. */
    public interface Listener {
        void text(String message);

        void binary(Buffer message);

        /** The most bytes that the next binary message may have; 0 where none may come. */
        int maxBinaryBytes();

        void ping(byte[] payload);

        /** @param payload code and reason, or empty */
        void close(byte[] payload);
    }

    /** @param maxTextBytes a larger text message is a violation */
    public MessageReader(int maxTextBytes, Listener listener) {
        this.maxTextBytes = maxTextBytes;
        this.listener = listener;
    }

    /** Reads bytes. Throws {@link Violation}, after which the frames can't be read any further. */
    public void feed(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        for (int at = 0; at < bytes.length; ) {
            if (inPayload) {
                at = readPayload(bytes, at);
            } else {
                header.add(bytes[at++]);
                readHeader();
            }
        }
    }

    private void readHeader() {
        if (header.isStarted()) {
            header.requireFromClient(inMessage);
        }
        if (header.isComplete()) {
            left = header.payloadBytes();
            if (!header.isControl()) {
                requireRoom();
            }
            inPayload = true;
            endIfRead();
        }
    }

    private void requireRoom() {
        if (header.opcode() != FrameHeader.CONTINUATION) {
            binary = header.opcode() == FrameHeader.BINARY;
        }
        int max = binary ? listener.maxBinaryBytes() : maxTextBytes;
        if (max == 0) {
            throw new Violation(1003, "no binary message was announced");
        }
        if (left < 0 || left > max - message.length()) {
            throw new Violation(1009, "this message may have at most " + max + " bytes");
        }
    }

    private int readPayload(byte[] bytes, int from) {
        int end = from + (int) Math.min(left, bytes.length - from);
        int phase = (int) (header.payloadBytes() - left & 3);
        for (int at = from; at < end; at++) {
            bytes[at] ^= header.mask(phase + at - from);
        }
        (header.isControl() ? control : message).appendBytes(bytes, from, end - from);
        left -= end - from;
        endIfRead();
        return end;
    }

    private void endIfRead() {
        if (left > 0) {
            return;
        }
        inPayload = false;
        if (header.isControl()) {
            tellControl();
        } else {
            inMessage = !header.isLast();
            if (!inMessage) {
                tellMessage();
            }
        }
        header.reset();
    }

    private void tellControl() {
        byte[] payload = control.getBytes();
        control = Buffer.buffer();
        switch (header.opcode()) {
            case FrameHeader.CLOSE -> listener.close(payload);
            case FrameHeader.PING -> listener.ping(payload);
            default -> {} // a pong: that it came was enough
        }
    }

    private void tellMessage() {
        Buffer whole = message;
        message = Buffer.buffer();
        if (binary) {
            listener.binary(whole);
        } else {
            listener.text(whole.toString(StandardCharsets.UTF_8));
        }
    }
}

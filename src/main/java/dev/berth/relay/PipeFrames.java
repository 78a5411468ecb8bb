package dev.berth.relay;

import dev.berth.websocket.Frames;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes WebSocket frames of what comes from Chrome's pipe, without the id of the client's session. Chrome puts that at the end
 * of a message. What comes in many pieces is passed on in fragments, so that no message is held as a whole.
 */
final class PipeFrames implements PipeMessages.Reader {
    private static final int FRAGMENT_BYTES = 1 << 16;
    private static final byte[] END = {'}'};
    private static final byte[] NOTHING = {};

    private final byte[] tail;
    private Buffer frames = Buffer.buffer();
    /** The beginning of a message, or the end of what there is of it. */
    private byte[] held = NOTHING;

    private int heldLength;
    private boolean fragmented;

    PipeFrames(String session) {
        tail = (",\"sessionId\":\"" + session + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    /** The frames of what was read so far; the last one ends where they end. */
    Buffer take() {
        Buffer taken = frames;
        frames = Buffer.buffer(taken.length());
        return taken;
    }

    /** Whether what was read so far ends within a message. */
    boolean inMessage() {
        return fragmented || heldLength > 0;
    }

    @Override
    public void piece(byte[] bytes, int from, int to, boolean last) {
        if (last && heldLength == 0 && !fragmented) {
            frame(bytes, from, to, true);
            return;
        }
        hold(bytes, from, to);
        if (last) {
            frame(held, 0, heldLength, true);
            heldLength = 0;
        } else if (heldLength >= FRAGMENT_BYTES + tail.length) {
            int sent = heldLength - tail.length;
            frame(held, 0, sent, false);
            System.arraycopy(held, sent, held, 0, tail.length);
            heldLength = tail.length;
        }
    }

    private void hold(byte[] bytes, int from, int to) {
        int length = to - from;
        if (heldLength + length > held.length) {
            held = Arrays.copyOf(held, heldLength + length);
        }
        System.arraycopy(bytes, from, held, heldLength, length);
        heldLength += length;
    }

    private void frame(byte[] bytes, int from, int to, boolean last) {
        boolean clients = last && endsWithTail(bytes, from, to);
        Frames.appendFragment(
                frames, !fragmented, last, bytes, from, clients ? to - tail.length : to, clients ? END : NOTHING);
        fragmented = !last;
    }

    private boolean endsWithTail(byte[] bytes, int from, int to) {
        int start = to - tail.length;
        if (start < from) {
            return false;
        }
        // Other sessions' ids differ within their last letters.
        for (int i = tail.length - 1; i >= 0; i--) {
            if (bytes[start + i] != tail[i]) {
                return false;
            }
        }
        return true;
    }
}

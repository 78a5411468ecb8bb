package dev.berth.relay;

import dev.berth.websocket.Frames;
import io.vertx.core.buffer.Buffer;

/** Makes WebSocket frames of what comes from Chrome. A message that comes in pieces is passed on in fragments. */
final class ChromeFrames {
    private Buffer frames = Buffer.buffer();
    private boolean fragmented;

    void piece(byte[] bytes, int from, int to, boolean last) {
        Frames.appendFragment(frames, !fragmented, last, bytes, from, to);
        fragmented = !last;
    }

    /** The frames of what has come since this was last asked for. */
    Buffer take() {
        Buffer taken = frames;
        frames = Buffer.buffer(taken.length());
        return taken;
    }
}

package dev.berth.relay;

import dev.berth.websocket.FrameWriter;
import io.vertx.core.buffer.Buffer;

/** Makes WebSocket frames of Chrome's messages. A message that arrives in parts becomes fragments. */
final class ChromeFrames {
    private Buffer frames = Buffer.buffer();
    private boolean fragmented;

    void piece(byte[] bytes, int from, int to, boolean last) {
        FrameWriter.appendFragment(frames, !fragmented, last, bytes, from, to);
        fragmented = !last;
    }

    /** The frames of everything that has arrived since the last call. */
    Buffer take() {
        Buffer taken = frames;
        frames = Buffer.buffer(taken.length());
        return taken;
    }
}

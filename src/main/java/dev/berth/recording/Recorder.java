package dev.berth.recording;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** A video that is being written. On the context that started it. */
public interface Recorder {
    /**
     * Adds a frame. If the encoder is slow, frames are left out, but never the newest one, and none where each is awaited before the
     * next.
     *
     * @param jpeg a whole JPEG, which must not change afterwards
     * @param at when it was painted; a frame that is older than the one before follows it by a millisecond or two
     * @param cut whether it shows another document than the frame before: nothing of that must shine through
     * @return completes when the encoder has taken the frame, or it was left out; fails if the recording has ended
     */
    Future<Void> write(Buffer jpeg, Instant at, boolean cut);

    /** The size of the file so far. Any thread may call. */
    long bytes();

    /** Completes when the recorder takes no more frames, and says why. Never fails. */
    Future<VideoEnding> ended();

    /**
     * Shows the last frame until {@code end} and finishes the file; if the recording has ended already, only the latter. The
     * encoder gets a limited time for it; then it is killed and what it wrote is repaired. Fails with {@code upstream} if there
     * is nothing to see, and otherwise if that is not known or the repair fails: {@link Recorders#repair} may succeed later. May be
     * repeated.
     */
    Future<Video> finish(Instant end);
}

package dev.berth.recording;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The frames that an encoder has not taken yet, in bounded memory. If that is full, a new frame replaces the newest one. */
final class WaitingFrames {
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final long maxBytes;
    private long bytes;

    /**
     * A frame and its place in the video.
     *
     * @param taken completes when the encoder has taken it, or when it was left out
     */
    record Frame(long millis, Buffer jpeg, Promise<Void> taken) {}

    WaitingFrames(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(Frame frame) {
        if (!frames.isEmpty() && bytes + frame.jpeg().length() > maxBytes) {
            Frame leftOut = frames.removeLast();
            bytes -= leftOut.jpeg().length();
            leftOut.taken().tryComplete();
        }
        frames.addLast(frame);
        bytes += frame.jpeg().length();
    }

    Optional<Frame> poll() {
        Optional<Frame> next = Optional.ofNullable(frames.pollFirst());
        next.ifPresent(frame -> bytes -= frame.jpeg().length());
        return next;
    }

    void clear(String reason) {
        frames.forEach(frame -> frame.taken().tryFail(reason));
        frames.clear();
        bytes = 0;
    }
}

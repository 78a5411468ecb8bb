package dev.berth.recording;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A process that makes a video of what is written to it. Its futures complete on the context that started it. */
interface Encoder {
    /** Writes to its input, one call at a time. Gives the size of the video so far. Fails if the process has ended. */
    Future<Long> write(Buffer head, Buffer content);

    /** Closes its input: it then finishes the video and exits. */
    Future<Void> closeInput();

    /** Completes with its exit code. Never fails. */
    Future<Integer> exit();

    /** Kills it, whatever it is doing. */
    void kill();
}

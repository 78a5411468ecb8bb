package dev.berth.pipe;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A pipe for event loops that read none: one thread reads what the child writes, another writes. It has one user, for good. */
public final class StreamPipe implements ChildPipe {
    private final String name;
    private final InputStream in;
    private final OutputStream out;
    private StreamChannel user;
    private boolean closed;

    /** @param name for the threads */
    public StreamPipe(String name, InputStream in, OutputStream out) {
        this.name = name;
        this.in = in;
        this.out = out;
    }

    @Override
    public synchronized Optional<PipeChannel> take(EventLoop loop) {
        if (closed || user != null) {
            return Optional.empty();
        }
        user = new StreamChannel(name, loop, in, out);
        return Optional.of(user);
    }

    @Override
    public boolean canMove() {
        return false;
    }

    @Override
    public void opened() {
        // The child has had its ends from its start.
    }

    /** The child must be gone: what waits to be read or written there would be waited for. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (user != null) {
            user.abandon();
        }
        try {
            out.close();
        } finally {
            in.close();
        }
    }
}

package dev.berth.pipe;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Optional;

/** A pipe to a child process and one from it. At most one user at a time. Its methods are for any thread. */
public interface ChildPipe {
    /** Becomes its user, on {@code loop}, until {@link PipeChannel#leave}. Empty where there is one, or it is closed. */
    Optional<PipeChannel> take(EventLoop loop);

    /** The child has opened its ends: from here on they close when it ends. */
    void opened() throws IOException;

    /** Its user hears that it is closed. */
    void close() throws IOException;
}

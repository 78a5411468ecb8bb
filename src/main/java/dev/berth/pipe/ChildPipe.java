package dev.berth.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A pipe to a child process and one from it. At most one user at a time. Its methods are for any thread. */
public interface ChildPipe {
    /** Becomes its user, on {@code loop}, until {@link PipeChannel#leave}. Empty where there is one, or it is closed. */
    Optional<PipeChannel> take(EventLoop loop);

    /** The child has opened its ends: from here on they close when it ends. */
    void opened() throws IOException;

    /** Closes the pipe; its user hears of that. */
    void close() throws IOException;

    /** The use of a {@link ChildPipe}, on one event loop; all its methods are for that one. */
    interface PipeChannel {
        /**
         * Limit for {@link #write}s that wait for the child, which decides when it reads: bytes. The longest command of a session
         * has 10 MiB, and its sender waits for the answer, or until its time is over.
         */
        long MAX_WAITING_BYTES = 64L << 20;

        interface Listener {
            /** @param chunk is used again, and may be written to */
            void read(byte[] chunk, int length);

            /**
             * Reports that the child has no more to read, or reads no more. The pipe need not be left.
             *
             * @param why empty where the child has ended
             */
            void closed(Optional<String> why);
        }

        /** Starts to read. To be called once, before anything else. */
        void start(Listener listener);

        /**
         * Writes now, or as soon as there is room. A child that leaves {@link #MAX_WAITING_BYTES} unread loses the pipe.
         *
         * @param onWritten gets the length once it is written, or never will be; not where it could be written now
         * @return whether {@code bytes} are needed until then
         */
        boolean write(byte[] bytes, int length, LongConsumer onWritten);

        /**
         * Writes as soon as there is room, but not now: for what is large, and would hold the event loop. Releases it then.
         *
         * @param onWritten gets the capacity once it is written, or never will be
         */
        void writeLater(ByteBuf bytes, LongConsumer onWritten);

        /** Whether nothing waits to be written. */
        boolean isWritten();

        /** Gives the pipe back; only where all is written: half a message would spoil the next one. */
        void leave();
    }
}

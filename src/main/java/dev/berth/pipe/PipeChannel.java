package dev.berth.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The use of a {@link ChildPipe}, on one event loop; all its methods are for that one. */
public final class PipeChannel {
    private static final Logger log = LoggerFactory.getLogger(PipeChannel.class);
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int FULL_BYTES = 1 << 20;
    /** So much at once: others wait for the event loop. */
    private static final int TURN_BYTES = 1 << 20;

    /** The operating system reads and writes no Java arrays: what goes through comes through here. */
    private static final FastThreadLocal<Room> ROOM = new FastThreadLocal<>() {
        @Override
        protected Room initialValue() {
            return new Room(ByteBuffer.allocateDirect(CHUNK_BYTES), new byte[CHUNK_BYTES]);
        }
    };

    private static final EpollIoOps NOTHING = EpollIoOps.valueOf(0);

    private final IoEventLoop loop;
    private final FileDescriptor writes;
    private final Runnable onFree;
    private final End reader;
    private final End writer;
    /** What did not fit into the pipe yet. */
    private final Deque<Piece> waiting = new ArrayDeque<>();

    private Listener listener;
    private long waitingBytes;
    private boolean full;
    private boolean leaving;
    private boolean over;

    /** Hears what happens in a pipe. */
    public interface Listener {
        /** @param chunk is used again */
        void read(byte[] chunk, int length);

        /** What waited is written. */
        void drained();

        /** There is no more to read, or nobody who does. It is given back by itself. */
        void closed();
    }

    PipeChannel(IoEventLoop loop, FileDescriptor reads, FileDescriptor writes, Runnable onFree) {
        this.loop = loop;
        this.writes = writes;
        this.onFree = onFree;
        this.reader = new End(reads, this::read);
        this.writer = new End(writes, this::writeOn);
    }

    /** Once, before anything else; reads nothing until {@link #resume}. */
    public void start(Listener hears) {
        listener = hears;
    }

    // Reading

    public void resume() {
        if (!over) {
            reader.await(EpollIoOps.EPOLLIN);
        }
    }

    /** What has been read is heard all the same. */
    public void pause() {
        if (!over) {
            reader.await(NOTHING);
        }
    }

    private void read() throws IOException {
        Room room = ROOM.get();
        int length = reader.fd.read(room.outside(), 0, CHUNK_BYTES);
        if (length < 0) {
            end();
        } else if (length > 0) {
            room.outside().get(0, room.inside(), 0, length);
            listener.read(room.inside(), length);
        }
    }

    // Writing

    /** Whether much waits to be written: {@link Listener#drained} follows. */
    public boolean isFull() {
        return full;
    }

    /**
     * Writes now, or as soon as there is room.
     *
     * @return whether {@code bytes} are needed until then
     */
    public boolean write(byte[] bytes, int length) {
        if (over) {
            return false;
        }
        try {
            int at = waiting.isEmpty() ? writeNow(bytes, 0, length) : 0;
            if (at == length) {
                return false;
            }
            await(new Piece(Unpooled.wrappedBuffer(bytes), at, length));
            return true;
        } catch (IOException e) {
            end();
            return false;
        }
    }

    /** Writes as soon as there is room, but not now: for what is large, and would hold the event loop. Releases it then. */
    public void writeLater(ByteBuf bytes) {
        if (over || !bytes.isReadable()) {
            bytes.release();
        } else {
            await(new Piece(bytes, bytes.readerIndex(), bytes.writerIndex()));
        }
    }

    private void await(Piece piece) {
        waiting.add(piece);
        waitingBytes += piece.bytes().capacity();
        full = full || waitingBytes > FULL_BYTES;
        writer.await(EpollIoOps.EPOLLOUT);
    }

    /** What is kept of what waits to be written. */
    public long waitingBytes() {
        return waitingBytes;
    }

    private int writeNow(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer outside = ROOM.get().outside();
        int at = from;
        while (at < length) {
            int part = Math.min(CHUNK_BYTES, length - at);
            outside.put(0, bytes, at, part);
            int sent = writes.write(outside, 0, part);
            if (sent <= 0) {
                return at;
            }
            at += sent;
        }
        return at;
    }

    private int writePiece(ByteBuf bytes, int from, int end) throws IOException {
        ByteBuffer outside = ROOM.get().outside();
        int at = from;
        while (at < end) {
            int part = Math.min(CHUNK_BYTES, end - at);
            bytes.getBytes(at, outside.duplicate().clear().limit(part));
            int sent = writes.write(outside, 0, part);
            if (sent <= 0) {
                return at;
            }
            at += sent;
        }
        return at;
    }

    private void writeOn() throws IOException {
        int left = TURN_BYTES;
        while (!waiting.isEmpty()) {
            Piece first = waiting.element();
            int turn = Math.min(first.end(), first.from() + left);
            int at = writePiece(first.bytes(), first.from(), turn);
            if (at < first.end()) {
                waiting.remove();
                waiting.addFirst(new Piece(first.bytes(), at, first.end()));
                return;
            }
            waiting.remove();
            left -= at - first.from();
            waitingBytes -= first.bytes().capacity();
            first.bytes().release();
        }
        writer.await(NOTHING);
        if (leaving) {
            giveBack();
            return;
        }
        full = false;
        listener.drained();
    }

    // The end

    /** Somebody else may use it, once what was written is in the pipe: half a message would spoil the next one. */
    public void giveBackOnceWritten() {
        leaving = true;
        if (waiting.isEmpty()) {
            giveBack();
        }
    }

    private void giveBack() {
        if (!over) {
            over = true;
            waiting.forEach(piece -> piece.bytes().release());
            waiting.clear();
            waitingBytes = 0;
            reader.leave();
            writer.leave();
            onFree.run();
        }
    }

    private void end() {
        if (!over) {
            giveBack();
            listener.closed();
        }
    }

    /** From any thread. */
    void abandon() {
        try {
            loop.execute(this::end);
        } catch (RejectedExecutionException e) {
            onFree.run(); // the event loop is gone, and its use of the pipe with it
        }
    }

    /** One of our two ends; known to the event loop from when something of it is awaited. */
    private final class End implements EpollIoHandle {
        final FileDescriptor fd;
        private final Action action;
        private IoRegistration registration;
        private EpollIoOps awaited = NOTHING;
        private boolean hungUp;

        End(FileDescriptor fd, Action action) {
            this.fd = fd;
            this.action = action;
        }

        void await(EpollIoOps ops) {
            if (awaited == ops) {
                return;
            }
            awaited = ops;
            if (hungUp) {
                actLater();
                return;
            }
            if (registration == null) {
                registration = loop.register(this).getNow();
            }
            if (registration == null) {
                log.error("the event loop takes no pipe");
                loop.execute(PipeChannel.this::end);
            } else {
                registration.submit(ops);
            }
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            if (awaited != NOTHING) {
                act();
            } else {
                // The child's end is closed, which would be told again and again.
                leave();
                hungUp = true;
            }
        }

        /** The event loop stands still for a second, or for ever, where a handler throws. */
        private void act() {
            try {
                action.run();
            } catch (IOException e) {
                log.debug("a pipe is broken: {}", e.toString());
                end();
            } catch (Throwable e) {
                log.error("a pipe's user failed", e);
                end();
            }
        }

        private void actLater() {
            loop.execute(() -> {
                if (awaited != NOTHING && !over) {
                    act();
                    actLater();
                }
            });
        }

        void leave() {
            if (registration != null) {
                registration.cancel();
                registration = null;
            }
        }

        @Override
        public FileDescriptor fd() {
            return fd;
        }

        @Override
        public void close() {
            end();
        }
    }

    private record Piece(ByteBuf bytes, int from, int end) {}

    private record Room(ByteBuffer outside, byte[] inside) {}

    private interface Action {
        void run() throws IOException;
    }
}

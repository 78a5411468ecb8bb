package dev.berth.pipe;

import dev.berth.pipe.ChildPipe.PipeChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;

/** The use of an {@link EpollPipe}: its event loop reads and writes the file descriptors itself. */
final class EpollChannel implements PipeChannel {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int TURN_BYTES = 1 << 20;

    /** For bytes on their way: the operating system reads and writes no Java arrays. */
    private static final FastThreadLocal<Room> ROOM = new FastThreadLocal<>() {
        @Override
        protected Room initialValue() {
            return new Room(ByteBuffer.allocateDirect(CHUNK_BYTES), new byte[CHUNK_BYTES]);
        }
    };

    private final IoEventLoop loop;
    private final FileDescriptor writes;
    private final Runnable onFree;
    private final EpollEnd reader;
    private final EpollEnd writer;
    private final PipeQueue waiting = new PipeQueue();

    private Listener listener;
    /** Bytes of {@link #write}s that wait: {@link #writeLater}'s are bounded by who sends them. */
    private long waitingBytes;

    private boolean over;

    EpollChannel(IoEventLoop loop, FileDescriptor reads, FileDescriptor writes, Runnable onFree) {
        this.loop = loop;
        this.writes = writes;
        this.onFree = onFree;
        this.reader = new EpollEnd(loop, reads, this::read, this::ended);
        this.writer = new EpollEnd(loop, writes, this::writeOn, this::ended);
    }

    @Override
    public void start(Listener hears) {
        listener = hears;
        reader.awaitReadable();
    }

    private void read() throws IOException {
        Room room = ROOM.get();
        int length = reader.fd().read(room.outside(), 0, CHUNK_BYTES);
        if (length < 0) {
            ended();
        } else if (length > 0) {
            room.outside().get(0, room.inside(), 0, length);
            listener.read(room.inside(), length);
        }
    }

    @Override
    public boolean write(byte[] bytes, int length, LongConsumer onWritten) {
        if (over) {
            return false;
        }
        try {
            int at = waiting.isEmpty() ? writeNow(bytes, length) : 0;
            if (at == length) {
                return false;
            }
            await(bytes, at, length, onWritten);
            return true;
        } catch (IOException e) {
            ended();
            return false;
        }
    }

    private void await(byte[] bytes, int at, int length, LongConsumer onWritten) {
        waitingBytes += length;
        waiting.add(Unpooled.wrappedBuffer(bytes, 0, length), at, length, size -> {
            waitingBytes -= size;
            onWritten.accept(size);
        });
        writer.awaitWritable();
        if (waitingBytes > MAX_WAITING_BYTES) {
            loop.execute(() -> end(
                    Optional.of("the process did not read " + (MAX_WAITING_BYTES >> 20) + " MiB that it was sent")));
        }
    }

    private int writeNow(byte[] bytes, int length) throws IOException {
        ByteBuffer outside = ROOM.get().outside();
        int at = 0;
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

    @Override
    public void writeLater(ByteBuf bytes, LongConsumer onWritten) {
        if (over || !bytes.isReadable()) {
            PipeQueue.end(bytes, onWritten);
        } else {
            waiting.add(bytes, bytes.readerIndex(), bytes.writerIndex(), onWritten);
            writer.awaitWritable();
        }
    }

    private int write(ByteBuf bytes, int from, int end) throws IOException {
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
        waiting.writeOn(this::write, TURN_BYTES);
        if (waiting.isEmpty()) {
            writer.awaitNothing();
        }
    }

    @Override
    public boolean isWritten() {
        return waiting.isEmpty();
    }

    @Override
    public void leave() {
        if (!over) {
            over = true;
            waiting.clear();
            reader.leave();
            writer.leave();
            onFree.run();
        }
    }

    private void ended() {
        end(Optional.empty());
    }

    private void end(Optional<String> why) {
        if (!over) {
            leave();
            listener.closed(why);
        }
    }

    void abandon() {
        try {
            loop.execute(this::ended);
        } catch (RejectedExecutionException e) {
            onFree.run(); // the event loop is gone, and its use of the pipe with it
        }
    }

    private record Room(ByteBuffer outside, byte[] inside) {}

    /** Bytes that do not fit into a pipe yet. On one event loop. */
    static final class PipeQueue {
        private final Deque<Piece> waiting = new ArrayDeque<>();

        /** Writes what there is room for. */
        interface Writer {
            /** @return how far it got: {@code end} where all of it was written */
            int write(ByteBuf bytes, int from, int end) throws IOException;
        }

        private record Piece(ByteBuf bytes, int from, int end, LongConsumer onWritten) {}

        boolean isEmpty() {
            return waiting.isEmpty();
        }

        void add(ByteBuf bytes, int from, int end, LongConsumer onWritten) {
            waiting.add(new Piece(bytes, from, end, onWritten));
        }

        /** Writes at most so many bytes; those of others wait for the event loop. */
        void writeOn(Writer writer, int maxBytes) throws IOException {
            int left = maxBytes;
            while (!waiting.isEmpty() && left > 0) {
                Piece first = waiting.element(); // it stays where writing fails
                int turn = Math.min(first.end(), first.from() + left);
                int at = writer.write(first.bytes(), first.from(), turn);
                left -= at - first.from();
                waiting.remove();
                if (at < first.end()) {
                    waiting.addFirst(new Piece(first.bytes(), at, first.end(), first.onWritten()));
                    if (at < turn) {
                        return;
                    }
                } else {
                    end(first.bytes(), first.onWritten());
                }
            }
        }

        /** Drops all: nothing more is written. */
        void clear() {
            for (Piece next = waiting.poll(); next != null; next = waiting.poll()) {
                end(next.bytes(), next.onWritten());
            }
        }

        /** Releases the bytes, and tells how many. */
        static void end(ByteBuf bytes, LongConsumer onWritten) {
            long size = bytes.capacity();
            bytes.release();
            onWritten.accept(size);
        }
    }
}

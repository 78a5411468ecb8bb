package dev.berth.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The use of a {@link StreamPipe}: its threads block, and hand over to the event loop. */
final class StreamChannel implements PipeChannel {
    private static final Logger log = LoggerFactory.getLogger(StreamChannel.class);
    private static final int CHUNK_BYTES = 1 << 16;
    /** So many chunks may wait for the event loop. */
    private static final int CHUNKS = 16;

    private static final Piece END = new Piece(Unpooled.EMPTY_BUFFER, size -> {});

    private final String name;
    private final EventLoop loop;
    private final InputStream in;
    private final OutputStream out;
    private final Semaphore room = new Semaphore(CHUNKS);
    private final BlockingQueue<Piece> waiting = new LinkedBlockingQueue<>();

    private Listener listener;
    // On the event loop.
    private int unwritten;
    private boolean over;

    private record Piece(ByteBuf bytes, LongConsumer onWritten) {}

    StreamChannel(String name, EventLoop loop, InputStream in, OutputStream out) {
        this.name = name;
        this.loop = loop;
        this.in = in;
        this.out = out;
    }

    @Override
    public void start(Listener hears) {
        listener = hears;
        thread("berth-read-", this::readAll);
        thread("berth-write-", this::writeAll);
    }

    /** What blocks. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void thread(String prefix, Work work) {
        Thread thread = new Thread(() -> attempt(work), prefix + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void attempt(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException | RejectedExecutionException e) {
            log.debug("a pipe is broken: {}", e.toString());
        }
        abandon();
    }

    private void readAll() throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            byte[] read = Arrays.copyOf(chunk, length);
            room.acquire();
            loop.execute(() -> {
                room.release();
                if (!over) {
                    listener.read(read, read.length);
                }
            });
        }
    }

    private void writeAll() throws IOException, InterruptedException {
        for (Piece next = waiting.take(); next != END; next = waiting.take()) {
            long size = next.bytes().capacity();
            LongConsumer onWritten = next.onWritten();
            try {
                next.bytes().readBytes(out, next.bytes().readableBytes());
                out.flush();
            } finally {
                next.bytes().release();
                loop.execute(() -> {
                    unwritten--;
                    onWritten.accept(size);
                });
            }
        }
    }

    @Override
    public boolean write(byte[] bytes, int length, LongConsumer onWritten) {
        if (!over) {
            writeLater(Unpooled.wrappedBuffer(bytes, 0, length), onWritten);
        }
        return !over;
    }

    @Override
    public void writeLater(ByteBuf bytes, LongConsumer onWritten) {
        if (over) {
            PipeQueue.end(bytes, onWritten);
        } else {
            unwritten++;
            waiting.add(new Piece(bytes, onWritten));
        }
    }

    @Override
    public boolean isWritten() {
        return unwritten == 0;
    }

    @Override
    public void leave() {
        over = true;
        for (Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            PipeQueue.end(piece.bytes(), piece.onWritten());
        }
        waiting.add(END);
    }

    /** From any thread. */
    void abandon() {
        try {
            loop.execute(this::end);
        } catch (RejectedExecutionException e) {
            log.debug("the event loop of a pipe is gone");
        }
    }

    private void end() {
        if (!over) {
            leave();
            listener.closed();
        }
    }
}

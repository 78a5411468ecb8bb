package dev.berth.pipe;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/** What does not fit into a pipe yet. On one event loop. */
final class PipeQueue {
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

    /** Nothing of it will be written. */
    void clear() {
        for (Piece next = waiting.poll(); next != null; next = waiting.poll()) {
            end(next.bytes(), next.onWritten());
        }
    }

    /** Releases it, and tells. */
    static void end(ByteBuf bytes, LongConsumer onWritten) {
        long size = bytes.capacity();
        bytes.release();
        onWritten.accept(size);
    }
}

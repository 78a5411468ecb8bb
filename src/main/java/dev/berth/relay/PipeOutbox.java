package dev.berth.relay;

import dev.berth.relay.command.CommandScan;
import dev.berth.relay.command.CommandText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers a client's messages for Chrome's pipe; those that are for no session get the client's. Small ones are copied together,
 * the pieces of large ones are passed on.
 */
final class PipeOutbox {
    private static final int FIRST_BYTES = 4_096;
    private static final int KEPT_BYTES = 1 << 16;

    private final Writer pipe;
    private final byte[] session;
    private final byte[] field;
    private final byte[] fieldAndMore;
    /** What is before {@link #gathered}. */
    private final List<ByteBuf> pieces = new ArrayList<>();

    private byte[] gathered = new byte[FIRST_BYTES];
    private int length;

    /** What messages are written to. */
    interface Writer {
        /** Whether the array is kept. */
        boolean write(byte[] bytes, int length);

        /** Writes soon, and releases it then. */
        void writeLater(ByteBuf bytes);
    }

    PipeOutbox(Writer pipe, String session) {
        this.pipe = pipe;
        this.session = session.getBytes(StandardCharsets.US_ASCII);
        this.field = ("\"sessionId\":\"" + session + '"').getBytes(StandardCharsets.US_ASCII);
        this.fieldAndMore = ("\"sessionId\":\"" + session + "\",").getBytes(StandardCharsets.US_ASCII);
    }

    /** @param text without a fault: a NUL would end the message */
    void add(CommandText text) {
        CommandScan scan = text.scan();
        if (text.isSmall()) {
            addSmall(text.array(), text.length(), (int) scan.sessionPlace(), scan);
        } else {
            seal();
            addPieces(text.take(), scan.sessionPlace(), scan);
        }
    }

    private void addSmall(byte[] text, int textLength, int place, CommandScan scan) {
        makeRoom(textLength + field.length + 2);
        put(text, 0, Math.max(0, place));
        if (place >= 0) {
            byte[] named = named(scan);
            put(named, 0, named.length);
        }
        put(text, Math.max(0, place), textLength - Math.max(0, place));
        gathered[length++] = 0;
    }

    /** What is put in: the id alone where only that is missing. */
    private byte[] named(CommandScan scan) {
        if (scan.hasEmptySession()) {
            return session;
        }
        return scan.isEmpty() ? field : fieldAndMore;
    }

    private void addPieces(List<ByteBuf> taken, long place, CommandScan scan) {
        long start = 0;
        for (ByteBuf piece : taken) {
            long within = place - start;
            start += piece.readableBytes();
            boolean here = place >= 0 && within >= 0 && place < start;
            pieces.add(here ? withSession(piece, (int) within, named(scan)) : piece);
        }
        put(new byte[] {0}, 0, 1);
    }

    private static ByteBuf withSession(ByteBuf piece, int place, byte[] named) {
        ByteBuf all = piece.alloc()
                .directBuffer(piece.readableBytes() + named.length)
                .writeBytes(piece, 0, place)
                .writeBytes(named)
                .writeBytes(piece, place, piece.readableBytes() - place);
        piece.release();
        return all;
    }

    private void seal() {
        if (length > 0) {
            pieces.add(Unpooled.wrappedBuffer(gathered, 0, length));
            gathered = new byte[FIRST_BYTES];
            length = 0;
        }
    }

    private void makeRoom(int more) {
        int needed = Math.addExact(length, more);
        if (needed > gathered.length) {
            gathered = Arrays.copyOf(gathered, (int) Math.max(needed, Math.min(2L * gathered.length, 1 << 30)));
        }
    }

    private void put(byte[] bytes, int from, int count) {
        System.arraycopy(bytes, from, gathered, length, count);
        length += count;
    }

    /** What large messages take here. */
    long heldBytes() {
        long held = 0;
        for (ByteBuf piece : pieces) {
            held += piece.capacity();
        }
        return held;
    }

    /** Nothing of it is to be written. */
    void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        length = 0;
    }

    /** Whether there was something to write. */
    boolean flush() {
        if (length == 0) {
            return false;
        }
        if (pieces.isEmpty()) {
            flushGathered();
        } else {
            seal();
            pieces.forEach(pipe::writeLater);
            pieces.clear();
        }
        return true;
    }

    private void flushGathered() {
        boolean kept = pipe.write(gathered, length);
        length = 0;
        if (kept || gathered.length > KEPT_BYTES) {
            gathered = new byte[FIRST_BYTES];
        }
    }
}

package dev.berth.browser.cdp;

import dev.berth.browser.cdp.Party.CommandAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers a party's commands; its own session is put into those that name none. Small ones are copied together, the pieces of
 * large ones are passed on. On one event loop.
 */
final class CommandBuffer {
    private static final int FIRST_BYTES = 4_096;
    private static final int KEPT_BYTES = 1 << 16;

    private final Party party;
    private final byte[] session;
    private final byte[] field;
    /** The pieces of the command before {@link #gathered}. */
    private final List<ByteBuf> pieces = new ArrayList<>();

    private byte[] gathered = new byte[FIRST_BYTES];
    private int length;

    CommandBuffer(Party party) {
        String session = party.session();
        this.party = party;
        this.session = session.getBytes(StandardCharsets.US_ASCII);
        this.field = ("\"sessionId\":\"" + session + "\",").getBytes(StandardCharsets.US_ASCII);
    }

    void add(byte[] text, int textLength, CommandAddress address) {
        makeRoom(textLength + field.length + 1);
        int place = address.sessionId().isEmpty() ? (int) address.place() : 0;
        put(text, 0, place);
        if (place > 0) {
            byte[] named = named(address);
            put(named, 0, named.length);
        }
        put(text, place, textLength - place);
        gathered[length++] = 0;
    }

    private byte[] named(CommandAddress address) {
        return address.inQuotes() ? session : field;
    }

    void add(List<ByteBuf> taken, CommandAddress address) {
        seal();
        long start = 0;
        for (ByteBuf piece : taken) {
            long within = address.place() - start;
            start += piece.readableBytes();
            boolean here = address.sessionId().isEmpty() && within >= 0 && address.place() < start;
            pieces.add(here ? withSession(piece, (int) within, named(address)) : piece);
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
        makeRoom(count);
        System.arraycopy(bytes, from, gathered, length, count);
        length += count;
    }

    /** The bytes of the large commands in this buffer. */
    long heldBytes() {
        return pieces.stream().mapToLong(ByteBuf::capacity).sum();
    }

    /** Drops the command: none of its bytes are to be written. */
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
            party.writeLater(List.copyOf(pieces));
            pieces.clear();
        }
        return true;
    }

    private void flushGathered() {
        boolean kept = party.write(gathered, length);
        length = 0;
        if (kept || gathered.length > KEPT_BYTES) {
            gathered = new byte[FIRST_BYTES];
        }
    }
}

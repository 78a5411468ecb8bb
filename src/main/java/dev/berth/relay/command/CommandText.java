package dev.berth.relay.command;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's message, read by a {@link CommandScan} as it arrives. Large ones are kept in pieces outside the Java heap, except
 * for the end: each collection would move them, which pauses all clients. A faulty message is not kept.
 */
public final class CommandText {
    public static final int PIECE_BYTES = 1 << 16;

    private final CommandScan scan = new CommandScan();
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final byte[] array;
    private int arrayLength;
    private int length;
    private boolean discarding;

    public CommandText() {
        this(new byte[PIECE_BYTES]);
    }

    private CommandText(byte[] array) {
        this.array = array;
    }

    /** A message that Berth made. */
    public static CommandText of(byte[] bytes) {
        CommandText text = new CommandText(bytes);
        text.added(bytes.length);
        return text;
    }

    public CommandScan scan() {
        return scan;
    }

    public int length() {
        return length;
    }

    /** The bytes that it takes beyond its array. */
    long extraBytes() {
        return (long) pieces.size() * PIECE_BYTES;
    }

    /** Whether the message is kept. */
    public boolean isKept() {
        return !discarding && !scan.isFaulty();
    }

    // Writing

    /** How many bytes fit into {@link #array} from {@link #at} on: at least one. */
    public int room() {
        if (!isKept()) {
            drop();
        } else if (arrayLength == array.length) {
            pieces.add(piece());
            arrayLength = 0;
        }
        return array.length - arrayLength;
    }

    private ByteBuf piece() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(arrayLength).writeBytes(array, 0, arrayLength);
    }

    private void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        arrayLength = 0;
    }

    public byte[] array() {
        return array;
    }

    public int at() {
        return arrayLength;
    }

    /** {@code count} bytes were written to the array. */
    public void added(int count) {
        scan.feed(array, arrayLength, arrayLength + count);
        arrayLength += count;
        length += count;
    }

    /** Starts the next message, and releases the pieces. */
    public void reset() {
        drop();
        length = 0;
        scan.reset();
    }

    /** From now on nothing is kept. */
    public void discard() {
        discarding = true;
        reset();
    }

    // Reading

    /** Whether the message fits into its array. */
    public boolean isSmall() {
        return pieces.isEmpty();
    }

    /** The whole message in one array, which may be longer. */
    public byte[] whole() {
        if (isSmall()) {
            return array;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (ByteBuf piece : pieces) {
            piece.getBytes(0, whole, at, piece.readableBytes());
            at += piece.readableBytes();
        }
        System.arraycopy(array, 0, whole, at, arrayLength);
        return whole;
    }

    /** Takes the whole message out. The caller releases the buffers. */
    public List<ByteBuf> take() {
        List<ByteBuf> taken = new ArrayList<>(pieces);
        taken.add(piece());
        pieces.clear();
        arrayLength = 0;
        return taken;
    }
}

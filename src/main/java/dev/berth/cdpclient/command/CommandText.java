package dev.berth.cdpclient.command;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a client's message. Large ones are kept in pieces outside the Java heap, except for the end: each collection would
 * move them, which pauses all clients.
 */
public final class CommandText {
    public static final int PIECE_BYTES = 1 << 16;

    private final List<ByteBuf> pieces = new ArrayList<>();
    private final byte[] array;
    private int arrayLength;
    private int length;

    public CommandText() {
        this(new byte[PIECE_BYTES]);
    }

    private CommandText(byte[] array) {
        this.array = array;
    }

    /** A message that Berth made. */
    public static CommandText of(byte[] bytes) {
        CommandText text = new CommandText(bytes);
        text.arrayLength = bytes.length;
        text.length = bytes.length;
        return text;
    }

    public int length() {
        return length;
    }

    public void add(byte[] bytes, int from, int to) {
        for (int at = from; at < to; ) {
            if (arrayLength == array.length) {
                pieces.add(piece());
                arrayLength = 0;
            }
            int part = Math.min(array.length - arrayLength, to - at);
            System.arraycopy(bytes, at, array, arrayLength, part);
            arrayLength += part;
            length += part;
            at += part;
        }
    }

    private ByteBuf piece() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(arrayLength).writeBytes(array, 0, arrayLength);
    }

    /** Starts the next message, and releases the pieces. */
    public void reset() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        arrayLength = 0;
        length = 0;
    }

    /** Whether the message fits into its array. */
    public boolean isSmall() {
        return pieces.isEmpty();
    }

    /** Has a small message at its beginning. */
    public byte[] array() {
        return array;
    }

    /** The whole message. To be read before the next change. */
    public InputStream read() {
        ByteBuf[] all = new ByteBuf[pieces.size() + 1];
        for (int i = 0; i < pieces.size(); i++) {
            all[i] = pieces.get(i).duplicate();
        }
        all[pieces.size()] = Unpooled.wrappedBuffer(array, 0, arrayLength);
        return new ByteBufInputStream(Unpooled.wrappedUnmodifiableBuffer(all));
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

package dev.berth.browser.cdp;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/** Messages that were handed over together, each with a NUL behind it; a large one may begin or end in another batch. */
final class Batch {
    private static final int CHUNK_BYTES = 1 << 16;

    private static final FastThreadLocal<byte[]> CHUNK = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[CHUNK_BYTES];
        }
    };

    private Batch() {}

    static void read(ByteBuf batch, Party.Receiver receiver) {
        byte[] chunk = CHUNK.get();
        while (batch.isReadable()) {
            int length = Math.min(batch.readableBytes(), CHUNK_BYTES);
            batch.readBytes(chunk, 0, length);
            pass(chunk, length, receiver);
        }
    }

    private static void pass(byte[] chunk, int length, Party.Receiver receiver) {
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (chunk[at] == 0) {
                receiver.piece(chunk, from, at, true);
                from = at + 1;
            }
        }
        if (from < length) {
            receiver.piece(chunk, from, length, false);
        }
    }
}

package dev.berth.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a server that are passed on as bytes, and says when another frame may be added: after a whole frame, and not after
 * a close frame. Reads the headers of frames alone (RFC 6455, 5.2); frames of a server have no mask.
 */
public final class FrameEnds {
    private static final int OPCODE = 0x0f;

    private final byte[] header = new byte[2 + Long.BYTES];
    private int headerLength;
    private long payloadLeft;
    private boolean closed;

    /** Takes note of bytes that are passed on; leaves their reader index. */
    public void passed(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            int skipped = (int) Math.min(payloadLeft, bytes.writerIndex() - at);
            payloadLeft -= skipped;
            at += skipped;
            if (at < bytes.writerIndex()) {
                header[headerLength++] = bytes.getByte(at++);
                header();
            }
        }
    }

    private void header() {
        int size = headerLength < 2 ? FrameWriter.LONG_FOLLOWS : header[1] & FrameReader.SIZE;
        int sizeBytes =
                size == FrameWriter.LONG_FOLLOWS ? Long.BYTES : size == FrameWriter.SHORT_FOLLOWS ? Short.BYTES : 0;
        if (headerLength < 2 + sizeBytes) {
            return;
        }
        payloadLeft = sizeBytes == 0 ? size : 0;
        for (int i = 2; i < headerLength; i++) {
            payloadLeft = payloadLeft << 8 | header[i] & 0xff;
        }
        // No frame is so long: nothing may be added any more.
        payloadLeft = payloadLeft < 0 ? Long.MAX_VALUE : payloadLeft;
        closed |= (header[0] & OPCODE) == FrameWriter.CLOSE;
        headerLength = 0;
    }

    public boolean mayAdd() {
        return headerLength == 0 && payloadLeft == 0 && !closed;
    }
}

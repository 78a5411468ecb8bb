package dev.berth.recording;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The elements of Matroska and WebM files that are written or read here (RFC 8794, RFC 9559), and how they are written. */
final class Ebml {
    static final int HEADER = 0x1A45DFA3;
    static final int DOC_TYPE = 0x4282;
    static final int DOC_TYPE_VERSION = 0x4287;
    static final int DOC_TYPE_READ_VERSION = 0x4285;
    static final int SEGMENT = 0x18538067;
    static final int INFO = 0x1549A966;
    static final int TIMESTAMP_SCALE = 0x2AD7B1;
    static final int DURATION = 0x4489;
    static final int TITLE = 0x7BA9;
    static final int MUXING_APP = 0x4D80;
    static final int WRITING_APP = 0x5741;
    static final int TRACKS = 0x1654AE6B;
    static final int TRACK = 0xAE;
    static final int TRACK_NUMBER = 0xD7;
    static final int TRACK_UID = 0x73C5;
    static final int TRACK_TYPE = 0x83;
    static final int CODEC = 0x86;
    static final int VIDEO = 0xE0;
    static final int PIXEL_WIDTH = 0xB0;
    static final int PIXEL_HEIGHT = 0xBA;
    static final int CLUSTER = 0x1F43B675;
    static final int TIMESTAMP = 0xE7;
    static final int SIMPLE_BLOCK = 0xA3;

    /** The size of an element whose end is not known yet. */
    static final long UNKNOWN = (1L << 56) - 1;

    private static final int SIZE_BYTES = 8;
    private static final long SIZE_MARK = 1L << 56;

    private Ebml() {}

    static Buffer element(int id, Buffer... contents) {
        long size = 0;
        for (Buffer content : contents) {
            size += content.length();
        }
        Buffer element = head(id, size);
        for (Buffer content : contents) {
            element.appendBuffer(content);
        }
        return element;
    }

    /** The beginning of an element, without its content. */
    static Buffer head(int id, long size) {
        return Buffer.buffer().appendBytes(bytes(id)).appendLong(SIZE_MARK | size);
    }

    static Buffer unsigned(int id, long value) {
        return head(id, SIZE_BYTES).appendLong(value);
    }

    static Buffer text(int id, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return head(id, bytes.length).appendBytes(bytes);
    }

    /** An id holds its own length mark; the bytes before that are not written. */
    private static byte[] bytes(int id) {
        int length = (Integer.SIZE - Integer.numberOfLeadingZeros(id) + 7) / Byte.SIZE;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (id >>> Byte.SIZE * (length - 1 - i));
        }
        return bytes;
    }
}

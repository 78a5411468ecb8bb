package dev.berth.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the elements at the beginning of a file. An element that is cut, or malformed, counts as absent. */
final class EbmlElements {
    private static final int MAX_ID_BYTES = 4;
    private static final int MAX_SIZE_BYTES = 8;

    private final ByteBuffer bytes;

    /** @param size of the content; that of the segment, the rest of the file, is {@link Ebml#UNKNOWN} until it is finished */
    record Element(int id, long size, EbmlElements content) {
        long unsigned() {
            long value = 0;
            for (ByteBuffer rest = content.bytes.duplicate(); rest.hasRemaining(); ) {
                value = value << Byte.SIZE | rest.get() & 0xFF;
            }
            return value;
        }

        double decimal() {
            return size == Double.BYTES ? Double.longBitsToDouble(unsigned()) : Float.intBitsToFloat((int) unsigned());
        }

        String text() {
            byte[] text = new byte[content.bytes.remaining()];
            content.bytes.duplicate().get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    EbmlElements(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The first element with this id. */
    Optional<Element> first(int id) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            Optional<Element> next = next(rest);
            if (next.isEmpty() || next.get().id() == id) {
                return next;
            }
        }
        return Optional.empty();
    }

    private static Optional<Element> next(ByteBuffer rest) {
        int idBytes = lengthBytes(rest);
        if (idBytes > MAX_ID_BYTES || rest.remaining() < idBytes) {
            return Optional.empty();
        }
        int id = (int) number(rest, idBytes, false);
        int sizeBytes = lengthBytes(rest);
        if (sizeBytes > MAX_SIZE_BYTES || rest.remaining() < sizeBytes) {
            return Optional.empty();
        }
        long size = number(rest, sizeBytes, true);
        if (size > rest.remaining() && id != Ebml.SEGMENT) {
            return Optional.empty();
        }
        int here = (int) Math.min(size, rest.remaining());
        Element element = new Element(id, size, new EbmlElements(rest.slice(rest.position(), here)));
        rest.position(rest.position() + here);
        return Optional.of(element);
    }

    /** The count of leading zero bits, and one, is how many bytes an id or a size has. */
    private static int lengthBytes(ByteBuffer rest) {
        return rest.hasRemaining()
                ? Integer.numberOfLeadingZeros(rest.get(rest.position()) & 0xFF) - (Integer.SIZE - Byte.SIZE) + 1
                : Integer.MAX_VALUE;
    }

    private static long number(ByteBuffer rest, int length, boolean withoutMark) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << Byte.SIZE | rest.get() & 0xFF;
        }
        return withoutMark ? value & (1L << 7 * length) - 1 : value;
    }
}

package dev.berth.http.routes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes in a file.
 *
 * @param first the offset of its first byte
 * @param length at least 1, except for the whole of an empty file
 */
record ByteRange(long first, long length) {
    /** For several ranges a server may send the whole file: no known client asks for several. */
    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    static ByteRange whole(long size) {
        return new ByteRange(0, size);
    }

    /**
     * The range that a {@code Range} header asks for (RFC 9110, 14.2): the whole file where the header is not understood, empty
     * where the range is outside the file.
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher range = ONE.matcher(header);
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return Optional.of(whole(size));
        }
        if (range.group(1).isEmpty()) {
            return suffix(Long.parseLong(range.group(2)), size);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
            return Optional.of(whole(size));
        }
        return first >= size ? Optional.empty() : Optional.of(new ByteRange(first, last - first + 1));
    }

    private static Optional<ByteRange> suffix(long bytes, long size) {
        long length = Math.min(bytes, size);
        return length == 0 ? Optional.empty() : Optional.of(new ByteRange(size - length, length));
    }

    boolean isWhole(long size) {
        return length == size;
    }

    /** The value of {@code Content-Range}. */
    String of(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}

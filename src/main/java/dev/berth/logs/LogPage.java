package dev.berth.logs;

import dev.berth.protocol.LogLines;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a log, as the bytes that its entries were kept as. Built by one thread. */
public final class LogPage {
    /** The offset that is written into each entry. */
    private static final int OFFSET_BYTES = 30;

    private final List<Slice> slices = new ArrayList<>();
    private final int limit;
    private int count;
    private long bytes;
    private long total;

    LogPage(int limit) {
        this.limit = limit;
    }

    private record Slice(long offset, LogLines lines, int from, int to) {}

    /** Receives the entries of a page. */
    public interface Sink {
        void accept(long offset, LogLines lines, int index);
    }

    /** How many more entries fit. */
    int room() {
        return limit - count;
    }

    /** Adds entries, as many as fit. */
    void add(long offset, LogLines lines, int from, int to) {
        int end = Math.min(to, from + room());
        if (from < end) {
            slices.add(new Slice(offset, lines, from, end));
            count += end - from;
            bytes += lines.bytes(from, end) + 1 + (long) OFFSET_BYTES * (end - from);
        }
    }

    LogPage of(long newTotal) {
        total = newTotal;
        return this;
    }

    public int count() {
        return count;
    }

    /** The estimated size of {@link #json} in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The total number of entries, including those outside this page. */
    public long total() {
        return total;
    }

    /** {@code {"<name>":[{"offset":n,…},…],"total":n}}. */
    public Buffer json(String name) {
        byte[] head = ("{\"" + name + "\":[").getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("],\"total\":" + total + "}").getBytes(StandardCharsets.US_ASCII);
        Buffer json = Buffer.buffer(head.length + Math.toIntExact(bytes) + tail.length);
        json.appendBytes(head);
        forEach((offset, lines, index) -> {
            if (json.length() > head.length) {
                json.appendByte((byte) ',');
            }
            lines.writeTo(json, index, offset);
        });
        return json.appendBytes(tail);
    }

    /** Passes on each entry with its offset in the log. */
    public void forEach(Sink sink) {
        for (Slice slice : slices) {
            for (int i = slice.from; i < slice.to; i++) {
                sink.accept(slice.offset + i - slice.from, slice.lines, i);
            }
        }
    }

    /** The offset after the last entry; {@code otherwise} where the page has none. */
    public long end(long otherwise) {
        if (slices.isEmpty()) {
            return otherwise;
        }
        Slice last = slices.get(slices.size() - 1);
        return last.offset + last.to - last.from;
    }

    /** The entries as records by their offsets, in order. An offset is missing where a part of the log is lost. */
    public <T> Map<Long, T> byOffset(Class<T> type) {
        Map<Long, T> records = new LinkedHashMap<>();
        for (Slice slice : slices) {
            long offset = slice.offset;
            for (T entry : slice.lines.as(type, slice.from, slice.to)) {
                records.put(offset++, entry);
            }
        }
        return records;
    }

    /** The entries as records. */
    public <T> List<T> as(Class<T> type) {
        List<T> records = new ArrayList<>(count);
        slices.forEach(slice -> records.addAll(slice.lines.as(type, slice.from, slice.to)));
        return records;
    }
}

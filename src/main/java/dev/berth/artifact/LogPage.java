package dev.berth.artifact;

import dev.berth.protocol.LogLines;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Part of a log, as the bytes that its entries were kept as. Made on one thread. */
public final class LogPage {
    private final List<Slice> slices = new ArrayList<>();
    private final int limit;
    private int count;
    private long bytes;
    private long total;

    LogPage(int limit) {
        this.limit = limit;
    }

    private record Slice(LogLines lines, int from, int to) {}

    /** How many more it takes. */
    int room() {
        return limit - count;
    }

    /** Adds some entries, as many as it takes. */
    void add(LogLines lines, int from, int to) {
        int end = Math.min(to, from + room());
        if (from < end) {
            slices.add(new Slice(lines, from, end));
            count += end - from;
            bytes += lines.bytes(from, end) + 1;
        }
    }

    LogPage of(long newTotal) {
        total = newTotal;
        return this;
    }

    public int count() {
        return count;
    }

    /** About how many bytes {@link #json} has. */
    public long bytes() {
        return bytes;
    }

    /** How many entries there are in all, here or elsewhere. */
    public long total() {
        return total;
    }

    /** {@code {"<name>":[…],"total":n}}. */
    public Buffer json(String name) {
        byte[] head = ("{\"" + name + "\":[").getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("],\"total\":" + total + "}").getBytes(StandardCharsets.US_ASCII);
        Buffer json = Buffer.buffer(head.length + Math.toIntExact(bytes) + tail.length);
        json.appendBytes(head);
        for (int i = 0; i < slices.size(); i++) {
            if (i > 0) {
                json.appendByte((byte) ',');
            }
            Slice slice = slices.get(i);
            slice.lines.writeTo(json, slice.from, slice.to);
        }
        return json.appendBytes(tail);
    }

    /** The entries themselves, for who wants records. */
    public <T> List<T> as(Class<T> type) {
        List<T> records = new ArrayList<>(count);
        slices.forEach(slice -> records.addAll(slice.lines.as(type).subList(slice.from, slice.to)));
        return records;
    }
}

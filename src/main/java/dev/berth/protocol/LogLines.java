package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive entries of a log, each as the JSON text that is stored and served. Immutable. {@link #as} parses them to records.
 */
public final class LogLines {
    public static final LogLines NONE = new LogLines(new byte[0], new int[1]);

    /** Each entry is followed by a comma, so that consecutive entries form the inside of a JSON array. */
    private final byte[] text;

    /** The start of each entry, and the end of the last. */
    private final int[] starts;

    /** A condition on a field of an entry. ASCII letters match in either case. */
    public sealed interface Condition {
        String name();
    }

    /** @param json the JSON text of the field's value */
    public record FieldIs(String name, String json) implements Condition {}

    /** @param json how the JSON text of the field's value begins */
    public record FieldBegins(String name, String json) implements Condition {}

    /** The field is a string that contains a text. */
    public static final class FieldHas implements Condition {
        private final String name;
        private final byte[] text;

        public FieldHas(String name, String text) {
            this.name = name;
            byte[] quoted = line(text);
            this.text = Arrays.copyOfRange(quoted, 1, quoted.length - 1);
        }

        @Override
        public String name() {
            return name;
        }

        /** The text as it stands in JSON. */
        byte[] text() {
            return text;
        }
    }

    /** The field is an instant that is not before {@code fromMillis}, and before {@code toMillis}: since the epoch. */
    public record InstantWithin(String name, long fromMillis, long toMillis) implements Condition {}
    /** The condition that one of these conditions holds. */
    public record AnyOf(List<Condition> conditions) implements Condition {
        public AnyOf {
            conditions = List.copyOf(conditions);
        }

        @Override
        public String name() {
            return conditions.get(0).name();
        }
    }

    private LogLines(byte[] text, int[] starts) {
        this.text = text;
        this.starts = starts;
    }

    /** The JSON text of an entry. */
    public static byte[] line(Object entry) {
        try {
            return ProtocolJson.MAPPER.writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a log entry has no JSON form", e);
        }
    }

    /** @param lines the JSON text of each entry */
    public static LogLines of(List<byte[]> lines) {
        byte[] text = new byte[lines.stream().mapToInt(line -> line.length + 1).sum()];
        int[] starts = new int[lines.size() + 1];
        for (int i = 0; i < lines.size(); i++) {
            byte[] line = lines.get(i);
            System.arraycopy(line, 0, text, starts[i], line.length);
            starts[i + 1] = starts[i] + line.length + 1;
            text[starts[i + 1] - 1] = ',';
        }
        return new LogLines(text, starts);
    }

    /** @param ndjson one entry per line, each ending with a line feed; the caller must not use it afterwards */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LogLines ofNdjson(byte[] ndjson) {
        int[] starts = new int[16];
        int count = 0;
        // JSON text has line feeds between values only.
        for (int i = 0; i < ndjson.length; i++) {
            if (ndjson[i] == '\n') {
                ndjson[i] = ',';
                if (++count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count] = i + 1;
            }
        }
        return new LogLines(ndjson, Arrays.copyOf(starts, count + 1));
    }

    /**
     * The same where it is known where lines begin.
     *
     * @param starts of each line, and the end of the last; the caller must not change it afterwards
     */
    public static LogLines ofNdjson(byte[] ndjson, int[] starts) {
        for (int i = 1; i < starts.length; i++) {
            ndjson[starts[i] - 1] = ',';
        }
        return new LogLines(ndjson, starts);
    }

    /** Entries that follow one another. */
    public static LogLines join(List<LogLines> parts) {
        List<LogLines> some = parts.stream().filter(part -> part.count() > 0).toList();
        if (some.size() < 2) {
            return some.isEmpty() ? NONE : some.get(0);
        }
        byte[] text = new byte[some.stream().mapToInt(part -> part.text.length).sum()];
        int[] starts = new int[some.stream().mapToInt(LogLines::count).sum() + 1];
        int count = 0;
        for (LogLines part : some) {
            int begin = starts[count];
            System.arraycopy(part.text, 0, text, begin, part.text.length);
            for (int i = 1; i < part.starts.length; i++) {
                starts[++count] = begin + part.starts[i];
            }
        }
        return new LogLines(text, starts);
    }

    /** The form that {@link #ofNdjson} reads. */
    @JsonValue
    public byte[] ndjson() {
        byte[] ndjson = text.clone();
        for (int i = 1; i < starts.length; i++) {
            ndjson[starts[i] - 1] = '\n';
        }
        return ndjson;
    }

    public int count() {
        return starts.length - 1;
    }

    /** The memory that they take. */
    public long bytes() {
        return text.length + (long) Integer.BYTES * starts.length;
    }

    /** The number of bytes that {@link #writeTo} writes. */
    public int bytes(int from, int to) {
        return from < to ? starts[to] - starts[from] - 1 : 0;
    }

    /** Writes the entries of a range, separated by commas. */
    public void writeTo(Buffer out, int from, int to) {
        out.appendBytes(text, starts[from], bytes(from, to));
    }

    /** Writes one entry, and in it where it stands in its log. */
    public void writeTo(Buffer out, int index, long offset) {
        out.appendString("{\"offset\":" + offset + ",");
        out.appendBytes(text, starts[index] + 1, bytes(index, index + 1) - 1);
    }

    /** A copy of one entry, which does not keep the others in memory. */
    public LogLines only(int index) {
        return slice(index, index + 1);
    }

    /** A copy of the entries from {@code index} on. */
    public LogLines from(int index) {
        return slice(index, count());
    }

    /** A copy of the entries of a range. */
    public LogLines slice(int from, int to) {
        if (from == 0 && to == count()) {
            return this;
        }
        int[] moved = new int[to - from + 1];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = starts[from + i] - starts[from];
        }
        return new LogLines(Arrays.copyOfRange(text, starts[from], starts[to]), moved);
    }

    /** The {@code timestamp} of an entry. */
    public Instant timestamp(int index) {
        return Instant.ofEpochMilli(millis(index));
    }

    /** The {@code timestamp} of an entry in milliseconds since the epoch: cheap enough to be asked of each entry. */
    public long millis(int index) {
        return JsonFields.millis(text, starts[index], starts[index + 1] - 1, "timestamp");
    }

    /** Whether an entry meets all conditions. */
    public boolean matches(int index, List<? extends Condition> conditions) {
        for (Condition condition : conditions) {
            if (!JsonFields.meet(text, starts[index], starts[index + 1] - 1, condition)) {
                return false;
            }
        }
        return true;
    }

    /** The entries as records. */
    public <T> List<T> as(Class<T> type) {
        return as(type, 0, count());
    }

    /** The entries of a range as records. */
    public <T> List<T> as(Class<T> type, int from, int to) {
        List<T> records = new ArrayList<>(to - from);
        ObjectReader reader = ProtocolJson.MAPPER.readerFor(type);
        for (int i = from; i < to; i++) {
            try {
                records.add(reader.readValue(text, starts[i], bytes(i, i + 1)));
            } catch (IOException e) {
                throw new IllegalStateException("a log entry is not readable", e);
            }
        }
        return records;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogLines lines && Arrays.equals(text, lines.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.UTF_8);
    }
}

package dev.berth.logs;

import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionId;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A file with consecutive entries of one log, a line of JSON each. The log appends to its last segment, on the context of its session.
 * Once the log has closed a segment, the segment never changes, and any thread may read it.
 */
final class Segment {
    /** Lines from one known position in a closed segment to the next. */
    private static final int STEP = 64;

    private static final int BUFFER_BYTES = 16 << 10;
    private static final Pattern NAME =
            Pattern.compile("(session-[0-9a-f-]{36})\\.(console|network|bodies)\\.(\\d{12,18})\\.ndjson");
    private static final Set<OpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final LogName log;
    private final long firstOffset;
    private final Path file;
    /** The positions in the file at which lines begin: each line while the segment grows, then every {@code step}th. */
    private int[] positions = new int[STEP];

    private int step = 1;
    private int count;
    private int bytes;

    Segment(Path folder, LogName log, long firstOffset) {
        this.log = log;
        this.firstOffset = firstOffset;
        this.file = folder.resolve(
                "%s.%s.%012d.ndjson".formatted(log.sessionId(), log.kind().wireName(), firstOffset));
    }

    /**
     * Lines of a segment's file: those from one offset of the log to another.
     *
     * @param starts where each line begins, and the last one ends, after {@code position}; empty if not known
     */
    record Range(Path file, int position, int bytes, int[] starts, long first, long end) {
        private LogLines read() throws IOException {
            byte[] text = new byte[bytes];
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer rest = ByteBuffer.wrap(text);
                while (rest.hasRemaining()) {
                    if (channel.read(rest, position + rest.position()) < 0) {
                        throw new EOFException(file.getFileName() + " is shorter than it was");
                    }
                }
            }
            return starts.length == 0 ? LogLines.ofNdjson(text) : LogLines.ofNdjson(text, starts);
        }
    }

    /**
     * The segment of an earlier process, without a line that the process did not write to its end. Empty if the file is no segment.
     * Blocks.
     */
    static Optional<Segment> left(Path file) throws IOException {
        Matcher name = NAME.matcher(file.getFileName().toString());
        Optional<SessionId> session = name.matches() ? SessionId.parse(name.group(1)) : Optional.empty();
        if (session.isEmpty()) {
            return Optional.empty();
        }
        LogKind kind = LogKind.valueOf(name.group(2).toUpperCase(Locale.ROOT));
        Segment left = new Segment(file.getParent(), new LogName(session.get(), kind), Long.parseLong(name.group(3)));
        byte[] text = Files.readAllBytes(file);
        // JSON has no NUL: a loss of power may leave them where the text was not written yet.
        for (int i = 0; i < text.length && text[i] != 0; i++) {
            if (text[i] == '\n') {
                left.addLine(i + 1 - left.bytes);
            }
        }
        left.close();
        return Optional.of(left);
    }

    LogName log() {
        return log;
    }

    long firstOffset() {
        return firstOffset;
    }

    /** The offset after the last entry. */
    long endOffset() {
        return firstOffset + count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int bytes() {
        return bytes;
    }

    /** The object of the closed segment in the object store. */
    ChunkKey key() {
        return new ChunkKey(log.sessionId(), log.kind(), firstOffset, count);
    }

    /** Writes entries after those that the segment has. Blocks. After a failure the same entries must be written again, or none. */
    void write(List<byte[]> lines) throws IOException {
        ByteBuffer text = ByteBuffer.wrap(ndjson(lines));
        try (FileChannel channel = FileChannel.open(file, APPEND, FOR_OWNER)) {
            for (long position = bytes; text.hasRemaining(); ) {
                position += channel.write(text, position);
            }
        }
    }

    private static byte[] ndjson(List<byte[]> lines) {
        byte[] text = new byte[lines.stream().mapToInt(line -> line.length + 1).sum()];
        int end = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, text, end, line.length);
            end += line.length + 1;
            text[end - 1] = '\n';
        }
        return text;
    }

    /** To be called when entries were written. */
    void written(List<byte[]> lines) {
        lines.forEach(line -> addLine(line.length + 1));
    }

    private void addLine(int lineBytes) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * count);
        }
        positions[count++] = bytes;
        bytes += lineBytes;
    }

    /** To be called once, when nothing more is written: while the object store is away, many closed segments may wait. */
    void close() {
        int[] some = new int[(count + STEP - 1) / STEP];
        for (int i = 0; i < some.length; i++) {
            some[i] = positions[i * STEP];
        }
        positions = some;
        step = STEP;
    }

    /**
     * The ranges to read of consecutive segments for the entries from one offset to another: about {@code maxBytes}, the first entries
     * first.
     */
    static List<Range> ranges(Collection<Segment> segments, long from, long end, long maxBytes) {
        List<Range> ranges = new ArrayList<>();
        long next = from;
        long left = maxBytes;
        for (Segment segment : segments) {
            if (left > 0 && segment.firstOffset <= next && next < Math.min(end, segment.endOffset())) {
                Range range = segment.range(next, end, left);
                ranges.add(range);
                next = range.end;
                left -= range.bytes;
            }
        }
        return ranges;
    }

    private Range range(long from, long end, long maxBytes) {
        int first = (int) (from - firstOffset) / step * step;
        int stop = first + step;
        while (stop < count && firstOffset + stop < end && position(stop) - position(first) < maxBytes) {
            stop += step;
        }
        stop = Math.min(stop, count);
        return new Range(
                file,
                position(first),
                position(stop) - position(first),
                step == 1 ? starts(first, stop) : new int[0],
                firstOffset + first,
                firstOffset + stop);
    }

    private int position(int line) {
        return line == count ? bytes : positions[line / step];
    }

    private int[] starts(int first, int stop) {
        int[] starts = new int[stop - first + 1];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = position(first + i) - position(first);
        }
        return starts;
    }

    /**
     * Reads the entries from {@code from} on, at most {@code limit}. Blocks. Fails with {@link java.nio.file.NoSuchFileException} once a
     * segment is deleted.
     *
     * @param ranges at least one, of which the first has the first entry
     * @param more entries that follow those of the ranges
     */
    static LogLines read(List<Range> ranges, List<byte[]> more, long from, int limit) throws IOException {
        List<LogLines> all = new ArrayList<>();
        for (Range range : ranges) {
            all.add(range.read());
        }
        all.add(LogLines.of(more));
        LogLines lines = LogLines.join(all);
        int first = (int) (from - ranges.get(0).first);
        return lines.slice(first, Math.min(lines.count(), first + limit));
    }

    /** The segment gzipped, in memory: a disk that is full empties by shipping. Blocks. Fails with {@link LostException} where that is so. */
    Buffer zip() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                OutputStream out = new GZIPOutputStream(zipped, BUFFER_BYTES)) {
            // A write that failed may have left more.
            channel.truncate(bytes);
            read(channel, out);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new LostException(e);
        }
        return Buffer.buffer(zipped.toByteArray());
    }

    /** The file is gone, or the disk does not give its bytes: another try would fail, too. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        private LostException(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    private static void read(FileChannel channel, OutputStream out) throws LostException {
        try {
            Channels.newInputStream(channel).transferTo(out);
        } catch (IOException e) {
            throw new LostException(e);
        }
    }

    /** Keeps the file for the operator, out of the way of a next start. Blocks. */
    static void setAside(Path file) throws IOException {
        Files.move(file, file.resolveSibling(file.getFileName() + ".bad"), StandardCopyOption.REPLACE_EXISTING);
    }

    Path file() {
        return file;
    }

    /** Blocks. A reader that has the file open already reads on. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}

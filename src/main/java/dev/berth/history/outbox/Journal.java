package dev.berth.history.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.history.Fact;
import dev.berth.protocol.ProtocolJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts on disk, in order: a row of files with a line for each fact, its checksum (CRC-32C, hexadecimal) and its JSON. A file is deleted
 * once all of its facts were read and sent. Blocks; used by one thread at a time.
 */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    /** Earlier versions of Berth wrote a file for each fact, without a checksum. */
    private static final String OF_ONE_FACT = ".json";

    private static final int CHECKSUM_DIGITS = 8;
    private static final int BATCH_BYTES = 64 << 10;

    private final Path folder;
    private final long maxFileBytes;
    private final long maxBytes;
    /** Oldest first. */
    private final Deque<Path> files = new ArrayDeque<>();

    private long nextNumber;
    private long bytes;
    /** The channel of the newest file; null until a fact is appended to it. */
    private FileChannel out;
    /** The bytes of the whole lines of the newest file. */
    private long outBytes;
    /** The reader of the oldest file; null until it is read. */
    private BufferedReader in;

    private boolean damaged;

    /** @param maxBytes limit of all files, for an outage that lasts: a fact beyond it is refused */
    Journal(Path folder, long maxFileBytes, long maxBytes) {
        this.folder = folder;
        this.maxFileBytes = maxFileBytes;
        this.maxBytes = maxBytes;
    }

    /** Opens what an earlier process left; gives the number of lines. Creates the folder if needed, for this user only. */
    long open() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        long lines = 0;
        try (Stream<Path> left = Files.list(folder)) {
            for (Path file : left.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{12}\\.(json|facts)")) {
                    files.add(file);
                    bytes += Files.size(file);
                    lines += lines(file);
                    nextNumber = Long.parseLong(name.substring(0, name.indexOf('.'))) + 1;
                }
            }
        }
        return lines;
    }

    /** 0 for a file that can't be read, which {@link #next} sets aside. */
    private static long lines(Path file) {
        try (BufferedReader lines = reader(file)) {
            return lines.lines().count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Reads bytes as characters: a damaged line may have any. */
    private static BufferedReader reader(Path file) throws IOException {
        return Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
    }

    /** Adds a fact, which is safe from a power cut after the next {@link #sync}. Fails if the disk or the journal is full. */
    void append(Fact fact) throws IOException {
        byte[] json = ProtocolJson.MAPPER.writerFor(Fact.class).writeValueAsBytes(fact);
        byte[] sum = checksum(json, 0).getBytes(StandardCharsets.ISO_8859_1);
        int length = sum.length + json.length + 1;
        if (bytes + length > maxBytes) {
            throw new IOException("the journal is full: facts of " + (bytes >> 20) + " MiB wait");
        }
        // Half a line stays where the disk could not take all of one, nor give back the part that it took.
        if (out == null || outBytes >= maxFileBytes || out.size() != outBytes) {
            startFile();
        }
        write(ByteBuffer.allocate(length).put(sum).put(json).put((byte) '\n').flip());
        outBytes += length;
        bytes += length;
    }

    private void write(ByteBuffer line) throws IOException {
        try {
            while (line.hasRemaining()) {
                out.write(line);
            }
        } catch (IOException e) {
            out.truncate(outBytes);
            throw e;
        }
    }

    private void startFile() throws IOException {
        sync();
        closeOut();
        Path file = folder.resolve("%012d.facts".formatted(nextNumber++));
        out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        outBytes = 0;
        files.add(file);
        // Otherwise a power cut may lose the name of a file whose facts are safe.
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Makes all appended facts safe from a power cut. */
    void sync() throws IOException {
        if (out != null) {
            out.force(false);
        }
    }

    private void closeOut() throws IOException {
        FileChannel done = out;
        out = null;
        if (done != null) {
            done.close();
        }
    }

    /**
     * The next facts in order, some 64 KiB of them; empty if there are no more. To be called once all that it gave before have been
     * sent: deletes files of which nothing is left.
     */
    List<Fact> next() throws IOException {
        List<Fact> batch = new ArrayList<>();
        int size = 0;
        while (!files.isEmpty() && size < BATCH_BYTES) {
            String line = readLine();
            if (line != null) {
                size += line.length();
                parse(line, batch);
            } else if (batch.isEmpty()) {
                removeOldest();
            } else {
                break;
            }
        }
        return batch;
    }

    /** Null at the end of the oldest file, and where the disk gives no more of it. */
    private String readLine() throws IOException {
        try {
            in = in == null ? reader(files.getFirst()) : in;
        } catch (NoSuchFileException | AccessDeniedException e) {
            return unreadable(e);
        }
        try {
            return in.readLine();
        } catch (IOException e) {
            return unreadable(e);
        }
    }

    private String unreadable(IOException why) {
        damaged = true;
        log.warn("facts waiting for Postgres can't be read from {}: {}", files.getFirst(), why.toString());
        return null;
    }

    private void parse(String line, List<Fact> batch) {
        Path file = files.getFirst();
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        int start = file.toString().endsWith(OF_ONE_FACT) ? 0 : Math.min(CHECKSUM_DIGITS, bytes.length);
        try {
            if (start > 0 && !line.startsWith(checksum(bytes, start))) {
                throw new IOException("its checksum is another");
            }
            batch.add(ProtocolJson.MAPPER.readerFor(Fact.class).readValue(bytes, start, bytes.length - start));
        } catch (IOException e) {
            damaged = true;
            // The whole message has what pages and users said.
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            log.warn("a fact waiting for Postgres can't be read from {}: {}", file, why);
        }
    }

    private static String checksum(byte[] line, int start) {
        CRC32C sum = new CRC32C();
        sum.update(line, start, line.length - start);
        return "%08x".formatted(sum.getValue());
    }

    /** A damaged file is kept for the operator. */
    private void removeOldest() throws IOException {
        Path file = files.getFirst();
        if (files.size() == 1) {
            closeOut();
        }
        boolean gone = damaged && !Files.exists(file);
        bytes -= gone ? 0 : Files.size(file);
        if (damaged && !gone) {
            Files.move(file, folder.resolve(file.getFileName() + ".bad"), StandardCopyOption.REPLACE_EXISTING);
        } else if (!gone) {
            Files.delete(file);
        }
        damaged = false;
        files.removeFirst();
        if (in != null) {
            in.close();
        }
        in = null;
    }

    void close() throws IOException {
        closeOut();
        if (in != null) {
            in.close();
        }
    }
}

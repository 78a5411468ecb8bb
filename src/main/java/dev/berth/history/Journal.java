package dev.berth.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts on disk, in order, written atomically and safe from a power cut. One file per fact, in a folder of its own.
 * Blocks; used by one thread at a time.
 */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final String SUFFIX = ".json";
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER_FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final int maxFacts;
    private final long maxBytes;
    /** The size of each file, by its number. */
    private final TreeMap<Long, Long> sizes = new TreeMap<>();

    private long bytes;

    Journal(Path folder, int maxFacts, long maxBytes) {
        this.folder = folder;
        this.maxFacts = maxFacts;
        this.maxBytes = maxBytes;
    }

    /**
     * A waiting fact.
     *
     * @param number its position in the order
     */
    record Entry(long number, Fact fact) {}

    /**
     * Opens what an earlier process left, and removes half-written files. Creates the folder if needed. Gives the
     * number of the latest fact, or -1.
     */
    long open() throws IOException {
        Files.createDirectories(folder, FOLDER_FOR_OWNER);
        Files.deleteIfExists(part());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{12}\\.json")) {
                    note(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), Files.size(file));
                }
            }
        }
        return sizes.isEmpty() ? -1 : sizes.lastKey();
    }

    int size() {
        return sizes.size();
    }

    /**
     * Adds a fact; fails if the disk or the journal is full.
     *
     * @param number greater than all before
     */
    void append(long number, Fact fact) throws IOException {
        byte[] json = ProtocolJson.MAPPER.writerFor(Fact.class).writeValueAsBytes(fact);
        if (sizes.size() >= maxFacts || bytes + json.length > maxBytes) {
            throw new IOException("the journal is full: " + sizes.size() + " facts of " + (bytes >> 20) + " MiB wait");
        }
        Path part = part();
        try (FileChannel out = FileChannel.open(part, CREATE_ANEW, FOR_OWNER)) {
            for (ByteBuffer rest = ByteBuffer.wrap(json); rest.hasRemaining(); ) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(part, file(number), StandardCopyOption.ATOMIC_MOVE);
        note(number, json.length);
        sync();
    }

    private static final Set<StandardOpenOption> CREATE_ANEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    /** Without this, a power cut may lose the names of files whose contents are safe. */
    private void sync() throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /**
     * The oldest facts, in order: at most {@code maxFacts}, and at most {@code maxBytes} in all unless the first one
     * alone is larger. A file that can't be read is renamed and kept for the operator.
     */
    List<Entry> oldest(int maxFacts, long maxBytes) throws IOException {
        List<Entry> oldest = new ArrayList<>();
        long room = maxBytes;
        Map.Entry<Long, Long> next = sizes.firstEntry();
        while (next != null && oldest.size() < maxFacts && (oldest.isEmpty() || next.getValue() <= room)) {
            room -= next.getValue();
            read(next.getKey()).ifPresent(oldest::add);
            next = sizes.higherEntry(next.getKey());
        }
        return oldest;
    }

    private Optional<Entry> read(long number) throws IOException {
        try {
            byte[] json = Files.readAllBytes(file(number));
            return Optional.of(new Entry(number, ProtocolJson.MAPPER.readValue(json, Fact.class)));
        } catch (IOException e) {
            setAside(number, e);
            return Optional.empty();
        }
    }

    private void setAside(long number, IOException why) throws IOException {
        Path bad = folder.resolve(file(number).getFileName() + ".bad");
        log.warn("a fact that waits for Postgres can't be read; its file is renamed to {}: {}", bad, oneLine(why));
        if (Files.exists(file(number), LinkOption.NOFOLLOW_LINKS)) {
            Files.move(file(number), bad, StandardCopyOption.REPLACE_EXISTING);
        }
        forget(number);
    }

    private static String oneLine(IOException e) {
        return e instanceof JsonProcessingException unread ? unread.getOriginalMessage() : e.toString();
    }

    /** Removes all facts up to this number. */
    void removeThrough(long number) throws IOException {
        while (!sizes.isEmpty() && sizes.firstKey() <= number) {
            Files.deleteIfExists(file(sizes.firstKey()));
            forget(sizes.firstKey());
        }
    }

    private void forget(long number) {
        bytes -= sizes.remove(number);
    }

    private void note(long number, long size) {
        sizes.put(number, size);
        bytes += size;
    }

    private Path part() {
        return folder.resolve("part");
    }

    private Path file(long number) {
        return folder.resolve("%012d".formatted(number) + SUFFIX);
    }
}

package dev.berth.history;

import dev.berth.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Facts on disk, in the order in which they came, each whole or not at all, and safe from a power cut. One file each, in a folder
 * of its own. Its methods block; on one thread at a time.
 */
final class Journal {
    private static final String SUFFIX = ".json";
    private static final FileAttribute<?> FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER_FOR_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final int maxFacts;
    private final long maxBytes;
    /** The size of each, by its number. */
    private final TreeMap<Long, Long> sizes = new TreeMap<>();

    private long bytes;

    Journal(Path folder, int maxFacts, long maxBytes) {
        this.folder = folder;
        this.maxFacts = maxFacts;
        this.maxBytes = maxBytes;
    }

    /** Takes up what an earlier process left, and removes what it left half-written. Makes the folder where there is none. */
    void open() throws IOException {
        Files.createDirectories(folder, FOLDER_FOR_OWNER);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{12}\\.json")) {
                    note(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())), Files.size(file));
                } else {
                    Files.delete(file);
                }
            }
        }
    }

    boolean isEmpty() {
        return sizes.isEmpty();
    }

    int size() {
        return sizes.size();
    }

    /** Fails where the disk, or the journal, is full. */
    void append(Fact fact) throws IOException {
        byte[] json = ProtocolJson.MAPPER.writerFor(Fact.class).writeValueAsBytes(fact);
        if (sizes.size() >= maxFacts || bytes + json.length > maxBytes) {
            throw new IOException("the journal is full: " + sizes.size() + " facts of " + (bytes >> 20) + " MiB wait");
        }
        long number = isEmpty() ? 0 : sizes.lastKey() + 1;
        Path part = folder.resolve("part");
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

    /** Else a power cut may take the names of files whose bytes are safe. */
    private void sync() throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /** The oldest that waits. */
    Optional<Fact> oldest() throws IOException {
        return isEmpty() ? Optional.empty() : Optional.of(read(sizes.firstKey()));
    }

    private Fact read(long number) throws IOException {
        return ProtocolJson.MAPPER.readValue(Files.readAllBytes(file(number)), Fact.class);
    }

    /** The oldest need not wait any longer. */
    void removeOldest() throws IOException {
        Map.Entry<Long, Long> oldest = sizes.firstEntry();
        Files.deleteIfExists(file(oldest.getKey()));
        sizes.remove(oldest.getKey());
        bytes -= oldest.getValue();
    }

    private void note(long number, long size) {
        sizes.put(number, size);
        bytes += size;
    }

    private Path file(long number) {
        return folder.resolve("%012d".formatted(number) + SUFFIX);
    }
}

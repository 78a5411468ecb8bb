package dev.berth.egress;

import dev.berth.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hosts of advertising and the like, from a file that the operator gives: one name a line, or lines of a hosts file, {@code 0.0.0.0
 * name}. A name stands for the hosts below it, too.
 */
final class BlockList {
    private static final Pattern LINE = Pattern.compile("(?:(?:0\\.0\\.0\\.0|127\\.0\\.0\\.1|::1?)\\s+)?(\\S+)");

    private final Set<String> names;

    private BlockList(Set<String> names) {
        this.names = names;
    }

    /** Reads a file; blocks. Leaves out lines that have neither form, and those for {@code localhost}. */
    static BlockList read(Path file) {
        // Comments of a list may have any encoding; this one accepts all bytes.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            Set<String> names = new HashSet<>();
            lines.forEach(line -> name(line).ifPresent(names::add));
            if (names.isEmpty()) {
                throw new ConfigException("egress.block-list", "has no host name in any line: " + file);
            }
            return new BlockList(names);
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigException("egress.block-list", "can't be read: " + e.getMessage());
        }
    }

    private static Optional<String> name(String line) {
        String text = line.replaceFirst("#.*", "").strip();
        return Optional.of(LINE.matcher(text))
                .filter(parts -> parts.matches())
                .map(parts -> parts.group(1))
                // Not localhost, nor ip6-loopback and its like.
                .filter(name -> name.indexOf('.') > 0)
                .flatMap(BlockList::parsed)
                .filter(host -> host.address().isEmpty())
                .map(HostName::name)
                .filter(name -> !name.startsWith("localhost."));
    }

    private static Optional<HostName> parsed(String name) {
        try {
            return Optional.of(HostName.parse(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The name of the list that stands for this host. */
    Optional<String> find(String host) {
        for (String name = host; !name.isEmpty(); name = name.substring(name.indexOf('.') + 1)) {
            if (names.contains(name)) {
                return Optional.of(name);
            } else if (name.indexOf('.') < 0) {
                break;
            }
        }
        return Optional.empty();
    }

    int size() {
        return names.size();
    }
}

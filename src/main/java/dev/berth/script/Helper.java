package dev.berth.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A function that a program has where it calls it. */
record Helper(String name, String text) {
    /** Its name stands in a comment before it. */
    private static final Pattern SECTION = Pattern.compile("(?m)^(?://|#)-- (?=\\w+$)");

    /** Those of a file beside this class. */
    static List<Helper> of(String file) {
        try (InputStream in = Helper.class.getResourceAsStream(file)) {
            return SECTION.splitAsStream(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .skip(1)
                    .map(section -> section.split("\n", 2))
                    .map(parts -> new Helper(parts[0], parts[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one of a name. */
    static String text(List<Helper> helpers, String name) {
        return helpers.stream()
                .filter(helper -> helper.name().equals(name))
                .map(Helper::text)
                .collect(Collectors.joining());
    }

    /** Those that the body calls, each after a blank line. */
    static String used(List<Helper> helpers, String body) {
        return helpers.stream()
                .filter(helper -> body.matches("(?s).*\\b" + helper.name() + "[( ].*"))
                .map(helper -> "\n" + helper.text())
                .collect(Collectors.joining());
    }

    static String indented(String indent, List<String> lines) {
        return lines.stream().map(line -> indent + line + "\n").collect(Collectors.joining());
    }
}

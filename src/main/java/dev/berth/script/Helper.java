package dev.berth.script;

import java.util.List;
import java.util.stream.Collectors;

/** A function that a program has where it calls it. */
record Helper(String name, String text) {
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

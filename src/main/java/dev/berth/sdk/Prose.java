package dev.berth.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts of the contract, which are Markdown, in lines. */
final class Prose {
    private static final int WIDTH = 120;
    /** Items of lists, rows of tables, code, and empty lines. */
    private static final Pattern OWN_LINE = Pattern.compile("(- |\\||    ).*|\\s*");

    private static final Pattern KEPT = Pattern.compile("(\\||    ).*|\\s*");

    private Prose() {}

    /** The lines of a text, each of which begins with {@code prefix}. Paragraphs are broken anew; tables and code stay. */
    static String lines(String prefix, String text) {
        return joined(text.strip()).stream()
                .flatMap(line -> broken(line, WIDTH - prefix.length()).stream())
                .map(line -> (prefix + line).stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private static List<String> joined(String text) {
        List<String> joined = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int last = joined.size() - 1;
            boolean goesOn = last >= 0
                    && !OWN_LINE.matcher(line).matches()
                    && !KEPT.matcher(joined.get(last)).matches();
            if (goesOn) {
                joined.set(last, joined.get(last) + " " + line.strip());
            } else {
                joined.add(line);
            }
        }
        return joined;
    }

    /** The further lines of an item stand below its text. */
    private static List<String> broken(String line, int width) {
        if (KEPT.matcher(line).matches()) {
            return List.of(line);
        }
        String indent = line.startsWith("- ") ? "  " : "";
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : line.split(" ")) {
            if (!current.isEmpty() && current.length() + 1 + word.length() > width) {
                lines.add(current.toString());
                current.setLength(0);
                current.append(indent).append(word);
            } else {
                current.append(current.isEmpty() ? "" : " ").append(word);
            }
        }
        lines.add(current.toString());
        return lines;
    }
}

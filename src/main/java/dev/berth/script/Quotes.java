package dev.berth.script;

import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Writes the texts of pages and people so that a program takes them for texts, and nothing else. */
final class Quotes {
    private static final int MAX_REMARK_CHARS = 300;
    /** Kinds of characters that are invisible, end a line, or turn the order of the text. */
    private static final Set<Integer> HIDDEN = Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.PRIVATE_USE,
            (int) Character.UNASSIGNED,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);

    private Quotes() {}

    static boolean hidden(int codePoint) {
        return HIDDEN.contains(Character.getType(codePoint));
    }

    /**
     * The text between quotes, with backslashes before quotes and backslashes.
     *
     * @param escape writes a character that is hidden
     */
    static String quoted(char quote, String text, IntFunction<String> escape) {
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(each -> {
            if (each == quote || each == '\\') {
                quoted.append('\\').append((char) each);
            } else if (each == '\n') {
                quoted.append("\\n");
            } else if (each == '\t') {
                quoted.append("\\t");
            } else if (hidden(each)) {
                quoted.append(escape.apply(each));
            } else {
                quoted.appendCodePoint(each);
            }
        });
        return quoted.append(quote).toString();
    }

    /** The escape of JavaScript, Java and JSON, which write characters of more than 16 bits in two halves. */
    static String halves(int codePoint) {
        return new String(Character.toChars(codePoint))
                .chars()
                .mapToObj(half -> String.format("\\u%04x", half))
                .collect(Collectors.joining());
    }

    /** One line of a comment. */
    static String remark(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(MAX_REMARK_CHARS).forEach(each -> line.appendCodePoint(hidden(each) ? ' ' : each));
        return line.append(text.codePointCount(0, text.length()) > MAX_REMARK_CHARS ? "…" : "")
                .toString()
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** A number, without a fraction where the number is whole. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    /** An expression that has the value which Berth's {@code evaluate} gives: the page calls a function, and may {@code await}. */
    static String expression(String given) {
        String text = given.strip().replaceAll(";$", "");
        if (text.matches("(?s)(async\\s*)?(function\\b|\\([^()]*\\)\\s*=>|\\w+\\s*=>).*")) {
            return "(" + text + ")()";
        } else if (text.matches("(?s).*\\bawait\\b.*")) {
            return text.contains(";") ? "(async () => { " + text + " })()" : "(async () => (" + text + "))()";
        }
        return text;
    }
}

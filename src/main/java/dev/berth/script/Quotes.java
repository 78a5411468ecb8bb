package dev.berth.script;

import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Writes texts, which pages and people made, so that they are texts in a program, and nothing else. */
final class Quotes {
    private static final int MAX_REMARK_CHARS = 300;
    /** They are invisible, end a line, or turn the order of what is read. */
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
     * Between quotes, with backslashes before quotes and backslashes.
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

    /** For JavaScript, Java and JSON, which write characters of more than 16 bits in two halves. */
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

    /** Without a fraction where there is none. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    /** An expression for pages whose value is what Berth's console gives: a function is called, and {@code await} may be used. */
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

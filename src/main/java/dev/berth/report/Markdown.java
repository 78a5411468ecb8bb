package dev.berth.report;

import dev.berth.protocol.Truncation;
import java.util.regex.Pattern;

/**
 * A Markdown text under construction. Foreign text, which is not the server's own words, stands between backticks, in one line and without
 * backticks: no dialect of Markdown finds links, headings or HTML in there.
 */
final class Markdown {
    private static final Pattern BREAKS = Pattern.compile("[\\s\\p{C}\\p{Z}]+");
    /** URLs without characters that could end a Markdown link. */
    private static final Pattern LINK = Pattern.compile("[A-Za-z0-9._~:/?#@&+,=%-]{1,8000}");

    private final StringBuilder text = new StringBuilder();

    /** Text from elsewhere, cut to a length. */
    static String code(String foreign, int maxChars) {
        String line = BREAKS.matcher(Truncation.cut(foreign, 4 * maxChars))
                .replaceAll(" ")
                .strip()
                .replace('`', '\'');
        return line.isEmpty() ? "(nothing)" : "`" + Truncation.ellipsis(line, maxChars) + "`";
    }

    /** A link with a name of the server's own; only the name where the URL has characters that a link can't have. */
    static String link(String name, String url) {
        return LINK.matcher(url).matches() ? "[" + name + "](" + url + ")" : name;
    }

    void title(String own) {
        text.append("# ").append(own).append("\n\n");
    }

    /** @param shown how many of {@code total} follow */
    void section(String name, long total, int shown) {
        text.append("\n## ").append(name).append(" (");
        text.append(shown < total ? "the latest " + shown + " of " + total : Long.toString(total));
        text.append(")\n\n");
    }

    void section(String name) {
        text.append("\n## ").append(name).append("\n\n");
    }

    void paragraph(String line) {
        text.append(line).append("\n\n");
    }

    void item(String line) {
        text.append("- ").append(line).append('\n');
    }

    void subItem(String line) {
        text.append("  - ").append(line).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package dev.berth.browser.drive.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Joins what belongs together, and leaves out what only repeats or wraps. Pure. */
final class Tidy {
    /** Icon fonts draw these as pictures; the rest has no width. */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\uE000-\\uF8FF\\u200B-\\u200F\\u2060\\uFEFF\\u00AD]|[\\x{F0000}-\\x{10FFFD}]");

    private static final Pattern SPACES = Pattern.compile("[\\s\\u00A0]+");
    /** Roles whose nodes say nothing if they have a single line in them and no name. */
    private static final Set<String> WRAPPERS = Set.of(
            "listitem", "paragraph", "group", "Figure", "figure", "gridcell", "cell", "generic", "article", "region");

    private static final Set<String> CELLS = Set.of("gridcell", "cell", "columnheader", "rowheader");

    private Tidy() {}

    /** The text with one space for each run of spaces. */
    static String spaced(String text) {
        return SPACES.matcher(INVISIBLE.matcher(text).replaceAll("")).replaceAll(" ");
    }

    static String normal(String text) {
        return spaced(text).strip();
    }

    static String cut(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, maxChars - 1) + "…";
    }

    /** All text of these lines. */
    static String text(List<Shown> lines) {
        return normal(lines.stream().map(line -> line.name).collect(Collectors.joining()));
    }

    /** Joins texts that follow each other, and leaves out lines that say nothing. */
    static List<Shown> joined(List<Shown> lines) {
        List<Shown> joined = new ArrayList<>();
        for (Shown line : lines) {
            Shown last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (line.isText() && last != null && last.isText()) {
                last.name += line.name;
            } else if (line.isText()) {
                Shown copy = new Shown(Shown.TEXT, line.name);
                copy.side = line.side;
                joined.add(copy);
            } else if (!isEmpty(line)) {
                joined.addAll(unwrapped(line));
            }
        }
        joined.stream().filter(Shown::isText).forEach(line -> line.name = normal(line.name));
        joined.removeIf(line -> line.isText() && line.name.isEmpty());
        return joined;
    }

    private static boolean isEmpty(Shown line) {
        return line.isPlain() && line.children.isEmpty();
    }

    private static List<Shown> unwrapped(Shown line) {
        boolean single = WRAPPERS.contains(line.role) && line.children.size() == 1 && line.isBare();
        boolean wraps = single && !line.children.get(0).isText();
        return wraps && (line.ref.isEmpty() || isAimedAt(line.children.get(0), line.box))
                ? line.children
                : List.of(line);
    }

    /** Whether a click on the middle of what contains it goes to it. */
    private static boolean isAimedAt(Shown line, Place.Rect around) {
        double x = (around.left() + around.right()) / 2;
        double y = (around.top() + around.bottom()) / 2;
        return !line.ref.isEmpty() && (around.area() == 0 || line.box.contains(x, y));
    }

    /** Leaves out children that only repeat the name or the value. */
    static void fold(Shown line) {
        boolean quiet = line.children.stream().allMatch(Tidy::isQuiet);
        if (quiet && (repeats(line.children, line.name) || repeats(line.children, line.value))) {
            line.children = List.of();
        }
        if (line.children.size() == 1
                && CELLS.contains(line.role)
                && line.children.get(0).name.equals(line.name)) {
            line.name = "";
        }
        if (line.role.equals("row") && squeezed(names(line.children)).equals(squeezed(line.name))) {
            line.name = "";
        }
        if (line.value.equals(line.name)) {
            line.value = "";
        }
    }

    private static boolean isQuiet(Shown line) {
        return line.ref.isEmpty() && line.children.stream().allMatch(Tidy::isQuiet);
    }

    private static boolean repeats(List<Shown> children, String text) {
        return !text.isEmpty() && squeezed(all(children)).equals(squeezed(text));
    }

    private static String all(List<Shown> lines) {
        return lines.stream().map(line -> line.name + all(line.children)).collect(Collectors.joining());
    }

    /** The names of the lines; the content of a line that has a name does not count. */
    private static String names(List<Shown> lines) {
        return lines.stream()
                .map(line -> line.name.isEmpty() ? names(line.children) : line.name)
                .collect(Collectors.joining());
    }

    private static String squeezed(String text) {
        return SPACES.matcher(text).replaceAll("");
    }
}

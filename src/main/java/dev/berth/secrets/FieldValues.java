package dev.berth.secrets;

import dev.berth.protocol.Secrets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of snapshots what fields contain, where it may be a part of a variable: a field may take less than the whole value, and a
 * model could delete some of it to see the rest.
 */
public final class FieldValues {
    /** Parts that are shorter say little, where other text surrounds them. */
    private static final int PART_CHARS = 3;

    private static final String NOT_SHOWN = "(not shown: it may be a part of a variable)";
    private static final Pattern FIELD = Pattern.compile(
            "^([ +-]*(?:textbox|searchbox|combobox|spinbutton)\\b.*? \\[ref=\\w+]: )(.+)$", Pattern.MULTILINE);
    private static final Pattern NAMES = Pattern.compile("(?:\\{\\{[A-Za-z0-9_.-]+}}\\s*+)++");

    /** All of at most {@value #PART_CHARS} characters. */
    private final Set<String> parts = new HashSet<>();

    public FieldValues(Secrets variables) {
        variables.values().values().stream().map(FieldValues::inOneCase).forEach(value -> {
            for (int from = 0; from < value.length(); from++) {
                for (int to = from + 1; to <= Math.min(value.length(), from + PART_CHARS); to++) {
                    parts.add(value.substring(from, to));
                }
            }
        });
    }

    private static String inOneCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** The snapshot, in which names stand for whole values already. */
    public String hide(String snapshot) {
        return parts.isEmpty()
                ? snapshot
                : FIELD.matcher(snapshot)
                        .replaceAll(field -> Matcher.quoteReplacement(
                                field.group(1) + (isPart(field.group(2)) ? NOT_SHOWN : field.group(2))));
    }

    private boolean isPart(String shown) {
        String text = inOneCase(shown.strip());
        if (NAMES.matcher(text).matches()) {
            return false;
        }
        if (text.length() < PART_CHARS) {
            return parts.contains(text);
        }
        for (int from = 0; from + PART_CHARS <= text.length(); from++) {
            if (parts.contains(text.substring(from, from + PART_CHARS))) {
                return true;
            }
        }
        return false;
    }
}

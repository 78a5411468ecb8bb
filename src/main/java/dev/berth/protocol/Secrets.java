package dev.berth.protocol;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Texts that are entered into pages, and must appear neither in a log nor before a model: {@code {{name}}} stands for each.
 *
 * @param values by name
 */
public record Secrets(Map<String, String> values) {
    public static final Secrets NONE = new Secrets(Map.of());

    private static final int MAX_SECRETS = 50;
    private static final int MAX_CHARS = 4_096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    /** Throws {@link BerthException} where a name or a value is invalid. */
    public Secrets {
        values = Require.entries("variables", values);
        if (values.size() > MAX_SECRETS) {
            throw BerthException.invalid("variables must have at most " + MAX_SECRETS + " entries");
        }
        values.forEach(Secrets::requireUsable);
    }

    private static void requireUsable(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw BerthException.invalid("a name in variables must have 1 to 64 letters, digits, '_', '-' or '.'");
        }
        if (value.isBlank() || value.length() > MAX_CHARS) {
            throw BerthException.invalid(
                    "variables." + name + " must have 1 to " + MAX_CHARS + " characters that are not all blank");
        }
    }

    /** {@code toString} of a record would show them. */
    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }

    /** The placeholder for the value of this name. */
    public static String placeholder(String name) {
        return "{{" + name + "}}";
    }
}

package dev.berth.script;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a request, as a word of Bash. */
final class CurlFields {
    private final Map<String, String> values = new LinkedHashMap<>();

    CurlFields with(String name, String word) {
        values.put(name, word);
        return this;
    }

    /** JSON that has no variable. */
    CurlFields json(String name, String json) {
        return with(name, Bash.quote(json));
    }

    CurlFields text(String name, String text) {
        return with(name, Bash.quote(jsonText(text)));
    }

    CurlFields words(String name, Words words) {
        return with(name, Bash.json(words));
    }

    /** A word of Bash. */
    String word() {
        StringBuilder word = new StringBuilder();
        boolean open = false;
        for (Map.Entry<String, String> each : values.entrySet()) {
            open = append(word, Bash.quote((word.length() == 0 ? "" : ",") + '"' + each.getKey() + "\":"), open);
            open = append(word, each.getValue(), open);
        }
        return word.toString();
    }

    /**
     * Adds to a text between single quotes within the same quotes.
     *
     * @param open whether the word ends with such a text
     * @return whether it does now
     */
    private static boolean append(StringBuilder word, String more, boolean open) {
        boolean plain = more.startsWith("'");
        if (open && plain) {
            word.setLength(word.length() - 1);
        }
        word.append(open && plain ? more.substring(1) : more);
        return plain;
    }

    private static String jsonText(String text) {
        return Quotes.quoted('"', text, Quotes::halves);
    }
}

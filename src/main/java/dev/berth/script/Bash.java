package dev.berth.script;

import dev.berth.script.ProgramInputs.Words;
import dev.berth.script.ProgramInputs.Words.Part;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Words of Bash. */
final class Bash {
    private Bash() {}

    /** A text as a word of Bash, without the character 0, which Bash does not have. */
    static String quote(String text) {
        return text.codePoints().anyMatch(Quotes::hidden)
                ? "$" + Quotes.quoted('\'', text.replace('\0', '\ufffd'), Bash::bytes)
                : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The bytes of a character, which hold in any locale and for a Bash without Unicode. Half a character becomes a question mark. */
    private static String bytes(int codePoint) {
        StringBuilder bytes = new StringBuilder();
        for (byte each : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            bytes.append(String.format("\\x%02x", each));
        }
        return bytes.toString();
    }

    /** A pattern of Bash: {@code *} stands for any text. */
    static String pattern(Words place) {
        return place.parts().stream()
                .map(part -> part.variable()
                        ? argument(part)
                        : quote(part.text().replace("**", "*").replaceAll("[?\\[\\]\\\\]", "*")))
                .collect(Collectors.joining());
    }

    /** JSON of a text with variables, as a word of Bash. */
    static String json(Words words) {
        return "\"$(json " + argument(words) + ")\"";
    }

    static String argument(Words words) {
        return words.parts().stream().map(Bash::argument).collect(Collectors.joining());
    }

    private static String argument(Part part) {
        return part.variable() ? "\"$" + part.text() + "\"" : quote(part.text());
    }

    static String list(List<String> words) {
        return "'['" + String.join("','", words) + "']'";
    }

    /** The fields of a request, as a word of Bash. */
    static final class CurlFields {
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

        /** The fields as JSON, as a word of Bash. */
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
         * Appends a text to a word: two texts between single quotes share one pair of quotes.
         *
         * @param open whether the word ends with a text between single quotes
         * @return whether the longer word ends with such a text
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
}

package dev.berth.script;

import dev.berth.script.Words.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Words of Bash. */
final class Bash {
    private Bash() {}

    /** A word of Bash, which has no character 0. */
    static String quote(String text) {
        return text.codePoints().anyMatch(Quotes::hidden)
                ? "$" + Quotes.quoted('\'', text.replace('\0', '\ufffd'), Bash::bytes)
                : "'" + text.replace("'", "'\\''") + "'";
    }

    /** In any locale, and in versions of Bash that know no Unicode. Half a character becomes a question mark. */
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
}

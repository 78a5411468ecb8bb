package dev.berth.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The rules that redact the kept contents of requests and responses.
 *
 * @param secrets of what these find, the first group is redacted, or all of it where they have none
 * @param words in lower case: a text without any of them has nothing for {@code secrets} to find; empty where that is unknown
 */
public record BodiesConfig(List<Pattern> secrets, List<String> words) {
    /** Each name of a field in {@link #DEFAULT} contains one of these words. */
    private static final List<String> DEFAULT_WORDS =
            List.of("passw", "pwd", "secret", "token", "api", "authorization", "credential");

    /** Fields of JSON and of forms whose names are those of secrets. */
    private static final String DEFAULT = """
            (?i)"[\\w.-]{0,64}(?:passw|pwd|secret|token|api_?-?key|authorization|credential)[\\w.-]{0,64}"\\s*+:\\s*+"([^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+)
            (?i)(?:^|[&?;\\s])[\\w.%\\[\\]-]{0,64}(?:passw|pwd|secret|token|api_?-?key|credential)[\\w.%\\[\\]-]{0,64}=([^&\\s"'<>;]++)
            """;

    public BodiesConfig {
        secrets = List.copyOf(secrets);
        words = List.copyOf(words);
    }

    /** The setting has one regular expression a line. */
    static BodiesConfig read(Settings settings) {
        Optional<String> lines = settings.text("bodies.redact");
        try {
            List<Pattern> secrets = lines.orElse(DEFAULT)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Pattern::compile)
                    .toList();
            return new BodiesConfig(secrets, lines.isPresent() ? List.of() : DEFAULT_WORDS);
        } catch (PatternSyntaxException e) {
            throw new ConfigException("bodies.redact", "is not a regular expression: " + e.getDescription());
        }
    }
}

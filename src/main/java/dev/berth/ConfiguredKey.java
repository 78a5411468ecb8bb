package dev.berth;

import dev.berth.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shell text that expands to the configured API key, so that the banner does not print the secret itself. Blocks. */
final class ConfiguredKey {
    private static final Logger log = LoggerFactory.getLogger(ConfiguredKey.class);
    private static final String VARIABLE = "BERTH_API_KEY";
    private static final Pattern LINE = Pattern.compile("^api-key: *[\"']*([^\"' #]*).*$");
    /** The same match as {@link #LINE}, as a shell command. */
    private static final String SED = "sed -n \"s/^api-key: *[\\\"']*\\([^\\\"' #]*\\).*/\\1/p\" ";

    private ConfiguredKey() {}

    /**
     * Shell text, for use within double quotes, that expands to {@code key}; empty if a simple command can't find the
     * key.
     */
    static Optional<String> inShell(Map<String, String> environment, String key) {
        if (environment.getOrDefault(VARIABLE, "").strip().equals(key)) {
            return Optional.of("$" + VARIABLE);
        }
        Path file = ConfigLoader.file(environment).toAbsolutePath();
        return keys(file).equals(List.of(key)) ? Optional.of("$(" + SED + quoted(file) + ")") : Optional.empty();
    }

    private static List<String> keys(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(1))
                    .toList();
        } catch (IOException e) {
            log.debug("{} can't be read any more: {}", file, e.toString());
            return List.of();
        }
    }

    static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}

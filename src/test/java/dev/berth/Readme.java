package dev.berth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The code in README.md. */
public final class Readme {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    private Readme() {}

    /** The blocks of a language, in their order. */
    public static List<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    /** The only block of a language that contains a text. */
    public static String block(String language, String text) throws IOException {
        List<String> found =
                blocks(language).stream().filter(block -> block.contains(text)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " blocks of " + language + " in README.md have: " + text);
        }
        return found.get(0);
    }
}

package dev.berth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The code in README.md and in the pages of {@code src/docs}. */
public final class Readme {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    private Readme() {}

    /** All pages, the README first. */
    public static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> files = Files.list(Path.of("src/docs"))) {
            files.filter(name -> name.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** The blocks of a language on a page, in their order. */
    public static List<String> blocks(Path page, String language) throws IOException {
        return BLOCK.matcher(Files.readString(page))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    /** The only block of a language, on all pages, that contains a text. */
    public static String block(String language, String text) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : pages()) {
            blocks(page, language).stream()
                    .filter(block -> block.contains(text))
                    .forEach(found::add);
        }
        if (found.size() != 1) {
            throw new AssertionError(
                    found.size() + " blocks of " + language + " in README.md and src/docs have: " + text);
        }
        return found.get(0);
    }
}

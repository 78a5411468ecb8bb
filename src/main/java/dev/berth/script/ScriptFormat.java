package dev.berth.script;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of programs that a log can become. */
public enum ScriptFormat {
    /** A module for Node, with Playwright. */
    PLAYWRIGHT_JS("mjs", "text/javascript"),
    /** A program for Python, with Playwright's synchronous API. */
    PLAYWRIGHT_PYTHON("py", "text/x-python"),
    /** A class with a {@code main} method, with Playwright. */
    PLAYWRIGHT_JAVA("java", "text/x-java-source"),
    /** A module for Node, with Puppeteer. */
    PUPPETEER("mjs", "text/javascript"),
    /** A Bash program that calls Berth's REST verbs with curl. */
    CURL("sh", "application/x-sh");

    private final String ending;
    private final String contentType;

    ScriptFormat(String ending, String contentType) {
        this.ending = ending;
        this.contentType = contentType;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The format whose {@link #wireName()} is {@code text}. */
    public static Optional<ScriptFormat> parse(String text) {
        return Stream.of(values())
                .filter(format -> format.wireName().equals(text))
                .findFirst();
    }

    /** The ending of the program's file, without a dot. */
    public String ending() {
        return ending;
    }

    public String contentType() {
        return contentType;
    }
}

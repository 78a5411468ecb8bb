package dev.berth.browser;

import java.util.Map;

/** Translates Chrome's error messages for users of verbs, who know nothing of CDP commands. */
public final class ChromeErrors {
    private static final String GONE = "the page went elsewhere meanwhile";

    private static final Map<String, String> PLAIN = Map.of(
            "Cannot navigate to invalid URL",
            "the URL is not valid",
            "Not attached to an active page",
            GONE,
            "Inspected target navigated or closed",
            GONE,
            "Session with given id not found",
            GONE,
            "Cannot find context with specified id",
            GONE,
            "Execution context was destroyed",
            GONE,
            "Could not find node with given id",
            "the element went away meanwhile",
            "No node with given id found",
            "the element went away meanwhile",
            "Could not compute content quads",
            "the element is not painted",
            "Internal error",
            "Chrome could not do it");

    private ChromeErrors() {}

    /** Returns {@code message} as it is if it has no translation. */
    public static String plain(String message) {
        return PLAIN.entrySet().stream()
                .filter(entry -> message.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(message);
    }
}

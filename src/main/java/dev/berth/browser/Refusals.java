package dev.berth.browser;

import java.util.Map;

/** What Chrome says of a command that it refuses, in words of who gave a verb and knows nothing of commands. */
public final class Refusals {
    private static final String GONE = "the page went elsewhere meanwhile";

    private static final Map<String, String> PLAIN = Map.of(
            "Cannot navigate to invalid URL",
            "that is no URL of a page",
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

    private Refusals() {}

    public static String plainly(String refusal) {
        return PLAIN.entrySet().stream()
                .filter(entry -> refusal.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(refusal);
    }
}

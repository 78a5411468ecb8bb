package dev.berth.browser.drive.element;

import java.util.Map;

/** Hints for elements that are not ready, by the beginning of the reason that page.js gives. */
final class Unready {
    private static final Map<String, String> HINTS = Map.of(
            "was not found", "POST …/snapshot shows what is on the page, with refs that are selectors",
            "has left the document", "the page replaced it: give a selector that matches the new one too",
            "is not visible", "make it visible first, or give a selector that matches a visible one",
            "is disabled", "enable it first, for example by filling in what it depends on",
            "is read-only", "use the control of the page that sets it",
            "was replaced", "give the selector of what contains it",
            "is moving", "its animation does not end: give a larger timeout, or click its container",
            "is covered by", "remove the cover first, for example by closing a dialog or a banner",
            "is outside of", "scroll its container, or give a larger viewport",
            "has no option", "give the value or the label of one of its options");

    private Unready() {}

    static String hint(String why) {
        return HINTS.entrySet().stream()
                .filter(entry -> why.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("POST …/screenshot shows the page as it is");
    }
}

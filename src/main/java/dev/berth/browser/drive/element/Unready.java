package dev.berth.browser.drive.element;

import java.util.Map;

/** What to do about an element that is not ready: by the beginning of what page.js says it was. */
final class Unready {
    private static final Map<String, String> HINTS = Map.of(
            "was not found", "POST …/snapshot tells what is on the page, with refs that are selectors",
            "has left the document", "the page made it anew: give a selector that means the new one, too",
            "is not visible", "do first what shows it, or give a selector that means a visible one",
            "is disabled", "do first what enables it, such as filling in what it depends on",
            "is read-only", "it can't be written to by hand: use what sets it in the page",
            "is moving", "its animation does not end: give a larger timeout, or click what it is in",
            "is covered by", "do first what takes the cover away, such as closing a dialog or a banner",
            "is outside of", "scroll what it is in, or give a larger viewport",
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

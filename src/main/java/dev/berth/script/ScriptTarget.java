package dev.berth.script;

import java.util.List;

/**
 * An element of a page.
 *
 * @param frames the iframes that lead to it, the outermost first
 * @param unique whether the selector was found to stand for this element only; otherwise the first visible one of several is meant
 */
record ScriptTarget(List<ScriptSelector> frames, ScriptSelector selector, boolean unique) {
    ScriptTarget {
        frames = List.copyOf(frames);
    }
}

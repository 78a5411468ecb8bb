package dev.berth.browser.drive.element;

import dev.berth.browser.drive.element.ElementPositions.FrameHolder;
import dev.berth.browser.drive.element.ScriptRunner.Element;
import dev.berth.protocol.ActionEntry.ActionElement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of the elements of a page, or of an iframe of another site: for selectors, and for the action log. Used on the lane's thread;
 * each call blocks.
 *
 * @param holder the element that holds the iframe of another site; empty for the page
 */
record ElementNames(ScriptRunner script, Optional<FrameHolder> holder) {
    private static final int MAX_NAMES = 6;
    private static final int MAX_NAME_CHARS = 200;

    /** The selectors of an element: see {@code names.js}. A page can have its say in them. */
    List<String> selectors(Element element) {
        return script.on(element, "names") instanceof List<?> names
                ? names.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .filter(name -> name.length() <= MAX_NAME_CHARS)
                        .limit(MAX_NAMES)
                        .toList()
                : List.of();
    }

    /**
     * The element as the action log names it.
     *
     * @param told the answer of the script that has its description; empty where it has none
     */
    Optional<ActionElement> logged(Element element, Map<String, Object> told) {
        return told.get("element") instanceof Map<?, ?> described
                ? Optional.of(ActionElement.of(described).within(outer(element, described)))
                : Optional.empty();
    }

    /** The selectors of the iframes that hold the element and that its script has no access to. */
    private List<String> outer(Element element, Map<?, ?> described) {
        if (!Boolean.TRUE.equals(described.get("outer"))) {
            return List.of();
        } else if (element.frameId().isPresent() && ((List<?>) described.get("frames")).isEmpty()) {
            return holding(script, script.owner(element.frameId().get()));
        }
        return holder.map(outer -> holding(outer.script(), outer.iframe())).orElse(List.of());
    }

    private static List<String> holding(ScriptRunner script, Element iframe) {
        Map<String, Object> told = new HashMap<>();
        told.put("element", script.on(iframe, "described"));
        return script.names()
                .logged(iframe, told)
                .map(named -> Stream.concat(named.frames().stream(), named.selector().stream())
                        .toList())
                .orElse(List.of());
    }
}

package dev.berth.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The element that an action acted on, as it was named at that moment: it may be gone, or read otherwise, since.
 *
 * @param role its ARIA role, such as {@code button}; empty for an element without one
 * @param name its accessible name; empty where it has none
 * @param selector stands for this element only, in its document: the best of {@code selectors}. Empty where none does
 * @param selectors all that do, the best first: roles, labels, test ids and the like, a position at last
 * @param frames the selectors of the iframes that hold it, the outermost first; none in a page's own document
 */
public record ActionElement(
        Optional<String> role,
        Optional<String> name,
        Optional<String> selector,
        List<String> selectors,
        List<String> frames) {
    private static final int MAX_NAMES = 6;
    private static final int MAX_FRAMES = 10;
    /** A name that is cut is no selector any more. */
    private static final int MAX_CHARS = 200;

    public ActionElement {
        role = role.map(text -> Truncation.cut(text, MAX_CHARS));
        name = name.map(text -> Truncation.cut(text, MAX_CHARS));
        selectors = List.copyOf(selectors);
        frames = List.copyOf(frames);
    }

    /** From what a script tells of the element, which a page can have a say in: {@code role}, {@code name}, {@code selectors}, {@code frames}. */
    public static ActionElement of(Map<?, ?> told) {
        List<String> selectors = texts(told.get("selectors"), MAX_NAMES);
        return new ActionElement(
                text(told.get("role")),
                text(told.get("name")),
                selectors.stream().findFirst(),
                selectors,
                texts(told.get("frames"), MAX_FRAMES));
    }

    private static Optional<String> text(Object told) {
        return Optional.ofNullable(told)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isEmpty());
    }

    private static List<String> texts(Object told, int most) {
        return (told instanceof Iterable<?> list ? StreamSupport.stream(list.spliterator(), false) : Stream.empty())
                .map(ActionElement::text)
                .flatMap(Optional::stream)
                .filter(text -> text.length() <= MAX_CHARS)
                .limit(most)
                .toList();
    }

    /** The same within these iframes too, the outermost first. */
    public ActionElement within(List<String> outer) {
        return new ActionElement(
                role,
                name,
                selector,
                selectors,
                Stream.concat(outer.stream(), frames.stream()).toList());
    }

    /** As a detail of an action: see {@link ActionEntry#ELEMENT}. */
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        role.ifPresent(text -> details.put("role", text));
        name.ifPresent(text -> details.put("name", text));
        selector.ifPresent(text -> details.put("selector", text));
        details.put("selectors", selectors);
        if (!frames.isEmpty()) {
            details.put("frames", frames);
        }
        return details;
    }
}

package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.script.ScriptSelector.ScriptTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The details of an entry of the action log, which other versions of Berth may have written too: what has another type is absent. */
record LoggedDetails(Map<String, Object> values) {
    static LoggedDetails of(ActionEntry entry) {
        return new LoggedDetails(entry.details());
    }

    Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    Optional<Double> number(String name) {
        return values.get(name) instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    int integer(String name, int otherwise) {
        return number(name).map(Double::intValue).orElse(otherwise);
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    List<String> texts(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    LoggedDetails inner(String name) {
        Map<String, Object> inner = new HashMap<>();
        if (values.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> inner.put(String.valueOf(key), value));
        }
        return new LoggedDetails(inner);
    }

    /** Empty where not both coordinates are there. */
    Optional<Offset> offset(String x, String y) {
        return number(x).flatMap(across -> number(y).map(down -> new Offset(across, down)));
    }

    MouseButton button() {
        return text("button").flatMap(MouseButton::parse).orElse(MouseButton.LEFT);
    }

    Pointing pointing() {
        List<Modifier> held = texts("modifiers").stream()
                .flatMap(name -> Stream.of(Modifier.values())
                        .filter(each -> each.wireName().equals(name)))
                .toList();
        return new Pointing.Given(inner("position").offset("x", "y"), held, is("force"));
    }

    /**
     * The element that was acted on: as it was named then, or else as a client named it. Empty where neither is a selector that holds for
     * another document.
     *
     * @param given the detail with a client's selector
     * @param named the detail with the element
     */
    Optional<ScriptTarget> target(String given, String named) {
        LoggedDetails element = inner(named);
        List<ScriptSelector> frames = element.texts("frames").stream()
                .flatMap(frame -> ScriptSelector.parse(frame).stream())
                .toList();
        return element.text("selector")
                .flatMap(ScriptSelector::parse)
                .map(selector -> new ScriptTarget(frames, selector, true))
                .or(() -> text(given)
                        .flatMap(ScriptSelector::parse)
                        .map(selector -> new ScriptTarget(frames, selector, false)));
    }

    Optional<ScriptTarget> target() {
        return target("selector", "element");
    }

    /** What a variable for a value of the element is named after. */
    String hint(String otherwise) {
        LoggedDetails element = inner("element");
        return element.text("name")
                .filter(name -> name.length() <= 40)
                .or(() -> target().map(target -> target.selector().hint()))
                .filter(hint -> hint.matches(".*[A-Za-z].*"))
                .orElse(otherwise);
    }
}

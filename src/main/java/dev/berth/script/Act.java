package dev.berth.script;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.Pointing.Offset;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.script.ProgramInputs.Words;
import dev.berth.script.ScriptSelector.ScriptTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One act of a program: a verb of Berth, and its arguments under the names that the action log gives them. {@link LoggedActs} puts
 * {@link Words} in place of the texts that were entered. Another version of Berth may have written the log: an argument of an unexpected
 * type counts as absent.
 */
record Act(String verb, Map<String, Object> details) {
    /** An act that leaves a comment in the program. Clients have no such verb. */
    static final String REMARK = "remark";
    /** An act that finds the page which the site opened by itself. Clients have no such verb. */
    static final String ANOTHER = "another";

    private static final Offset ORIGIN = new Offset(0, 0);

    static Act of(ActionEntry entry) {
        return new Act(entry.type(), entry.details());
    }

    static Act remark(String text) {
        return new Act(REMARK, Map.of("text", text));
    }

    static Act mouse(String action, Offset at) {
        return new Act("mouse", Map.of("action", action, "x", at.x(), "y", at.y()));
    }

    Act as(String otherVerb) {
        return new Act(otherVerb, details);
    }

    Act with(String name, Object value) {
        Map<String, Object> more = new HashMap<>(details);
        more.put(name, value);
        return new Act(verb, more);
    }

    /** @param path the name of a detail, and of its members */
    private <T> Optional<T> value(Class<T> type, String... path) {
        Optional<?> value = Optional.of(details);
        for (String name : path) {
            value = value.filter(Map.class::isInstance).map(outer -> ((Map<?, ?>) outer).get(name));
        }
        return value.filter(type::isInstance).map(type::cast);
    }

    private <T> List<T> values(Class<T> type, String... path) {
        return value(List.class, path).stream()
                .flatMap(list -> ((List<?>) list).stream())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    boolean has(String name) {
        return value(Object.class, name).isPresent();
    }

    boolean is(String name) {
        return value(Boolean.class, name).orElse(false);
    }

    Optional<String> text(String... path) {
        return value(String.class, path);
    }

    /** A text that every act of the verb has. */
    String required(String name) {
        return text(name).orElseThrow();
    }

    List<String> texts(String... path) {
        return values(String.class, path);
    }

    /** A text that {@link LoggedActs} put in. */
    Words words(String name) {
        return value(Words.class, name).orElseThrow();
    }

    List<Words> allWords(String name) {
        return values(Words.class, name);
    }

    /** The number; 0 where the argument is absent. */
    double number(String... path) {
        return value(Number.class, path).map(Number::doubleValue).orElse(0.0);
    }

    int integer(String... path) {
        return (int) number(path);
    }

    int count() {
        return value(Number.class, "clickCount").map(Number::intValue).orElse(1);
    }

    /** Empty unless both coordinates are known. */
    Optional<Offset> offset(String x, String y) {
        return offset(value(Number.class, x), value(Number.class, y));
    }

    Optional<Offset> offset(String name) {
        return offset(value(Number.class, name, "x"), value(Number.class, name, "y"));
    }

    private static Optional<Offset> offset(Optional<Number> x, Optional<Number> y) {
        return x.flatMap(across -> y.map(down -> new Offset(across.doubleValue(), down.doubleValue())));
    }

    /** The point of the viewport at which the mouse acts. */
    Offset at() {
        return offset("x", "y").orElse(ORIGIN);
    }

    /** The distance by which an element is dragged. */
    Offset by() {
        return offset("by").orElse(ORIGIN);
    }

    MouseButton button() {
        return text("button").flatMap(MouseButton::parse).orElse(MouseButton.LEFT);
    }

    /** The keys that are held, by the names that libraries have for them too. */
    List<String> modifiers() {
        return texts("modifiers").stream()
                .filter(name -> Stream.of(Modifier.values())
                        .anyMatch(each -> each.wireName().equals(name)))
                .toList();
    }

    WaitUntil until() {
        return text("waitUntil").flatMap(WaitUntil::parse).orElse(WaitUntil.LOAD);
    }

    ElementState state() {
        return text("state").flatMap(ElementState::parse).orElse(ElementState.VISIBLE);
    }

    /** The element of an act that {@link LoggedActs} lets through only with one. */
    ScriptTarget element() {
        return target().orElseThrow();
    }

    Optional<ScriptTarget> target() {
        return target("selector", "element");
    }

    /** The element on which a drag ends. */
    Optional<ScriptTarget> end() {
        return target("to", "toElement");
    }

    /**
     * The element as the log named it at that moment, or else as the client named it. Empty where neither name is a selector that
     * holds for another document.
     */
    private Optional<ScriptTarget> target(String given, String named) {
        List<ScriptSelector> frames = texts(named, "frames").stream()
                .flatMap(frame -> ScriptSelector.parse(frame).stream())
                .toList();
        return text(named, "selector")
                .flatMap(ScriptSelector::parse)
                .map(selector -> new ScriptTarget(frames, selector, true))
                .or(() -> text(given)
                        .flatMap(ScriptSelector::parse)
                        .map(selector -> new ScriptTarget(frames, selector, false)));
    }
}

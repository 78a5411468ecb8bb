package dev.berth.script;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A text of a program: texts as they are, and variables. */
record Words(List<Part> parts) {
    /**
     * A part of it.
     *
     * @param text itself, or the name of a variable
     */
    record Part(boolean variable, String text) {}

    Words {
        parts = List.copyOf(parts);
    }

    static Words plain(String text) {
        return new Words(List.of(new Part(false, text)));
    }

    static Words variable(String name) {
        return new Words(List.of(new Part(true, name)));
    }

    /** As one expression. */
    String joined(String operator, Function<String, String> quoted) {
        return parts.stream()
                .map(part -> part.variable() ? part.text() : quoted.apply(part.text()))
                .collect(Collectors.joining(operator));
    }

    /** The name of the variable that it is; empty where it is more, or less. */
    Optional<String> name() {
        return parts.size() == 1 && parts.get(0).variable()
                ? Optional.of(parts.get(0).text())
                : Optional.empty();
    }
}

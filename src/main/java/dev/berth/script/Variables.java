package dev.berth.script;

import dev.berth.script.Variables.Words.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables of a program: the values that were entered, named by where they went. A secret has no value in the log, nor here. */
final class Variables {
    private static final String REDACTED = "[redacted]";
    /**
     * Also the name in the environment. A page chooses the labels of its fields, after which values are named: without a prefix of
     * their own they could replace what the program needs, such as {@code PATH}.
     */
    private static final String PREFIX = "INPUT_";

    private static final int MAX_NAME_CHARS = 30;
    /** How an AI task's log names the value of a variable that it hides. */
    private static final Pattern HIDDEN = Pattern.compile("\\{\\{([A-Za-z0-9_.-]+)}}");
    /** How the log ends a text that it cuts. */
    private static final Pattern CUT = Pattern.compile("… \\(\\d+ more characters\\)$");

    private final Map<String, Optional<String>> values = new LinkedHashMap<>();
    /** The names of values that are not in the log, of which no two are known to be the same. */
    private final Set<String> unknown = new HashSet<>();

    /** A variable, whose value is empty where a run must give it. */
    record Input(String name, Optional<String> value) {}

    List<Input> list() {
        return values.entrySet().stream()
                .map(each -> new Input(each.getKey(), each.getValue()))
                .toList();
    }

    static boolean isCut(String logged) {
        return CUT.matcher(logged).find();
    }

    /** @param hint what its name is made of */
    Words of(String hint, String logged) {
        if (logged.equals(REDACTED) || isCut(logged)) {
            return missing(hint);
        }
        Matcher hidden = HIDDEN.matcher(logged);
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (; hidden.find(); at = hidden.end()) {
            plain(logged.substring(at, hidden.start()), parts);
            parts.add(new Part(true, name(hidden.group(1), Optional.empty())));
        }
        if (at == 0) {
            return Words.variable(name(hint, Optional.of(logged)));
        }
        plain(logged.substring(at), parts);
        return new Words(parts);
    }

    /** A value that is not in the log. */
    Words missing(String hint) {
        String name = free(hint, taken -> false);
        unknown.add(name);
        values.put(name, Optional.empty());
        return Words.variable(name);
    }

    private static void plain(String text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Part(false, text));
        }
    }

    /** The same name for the same value, another one for another. */
    private String name(String hint, Optional<String> value) {
        String name = free(
                hint, taken -> !unknown.contains(taken) && values.get(taken).equals(value));
        values.putIfAbsent(name, value);
        return name;
    }

    /** @param shared whether a name that is taken may be used again */
    private String free(String hint, Predicate<String> shared) {
        String base = constant(hint);
        String name = base;
        for (int next = 2; values.containsKey(name) && !shared.test(name); next++) {
            name = base + "_" + next;
        }
        return name;
    }

    private static String constant(String hint) {
        String words = hint.replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .toUpperCase(Locale.ROOT)
                .replaceAll("^[_0-9]+", "");
        String cut =
                words.substring(0, Math.min(words.length(), MAX_NAME_CHARS)).replaceAll("_+$", "");
        return PREFIX + (cut.isEmpty() ? "VALUE" : cut);
    }

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
}

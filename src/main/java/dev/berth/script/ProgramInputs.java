package dev.berth.script;

import dev.berth.script.ProgramInputs.Words.Part;
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

/** The variables of a program: the entered values, named after their fields. A secret has no value in the log, nor here. */
final class ProgramInputs {
    private static final String REDACTED = "[redacted]";
    /**
     * The prefix of each variable's name, in the environment too. Pages choose the labels of their fields, after which variables are
     * named: without a prefix a variable could replace one that the program needs, such as {@code PATH}.
     */
    private static final String PREFIX = "INPUT_";

    private static final int MAX_NAME_CHARS = 30;
    /** The name that an AI task's log has in place of a variable's hidden value. */
    private static final Pattern HIDDEN = Pattern.compile("\\{\\{([A-Za-z0-9_.-]+)}}");
    /** The end of a text that the log cut. */
    private static final Pattern CUT = Pattern.compile("… \\(\\d+ more characters\\)$");

    private final Map<String, Optional<String>> values = new LinkedHashMap<>();
    /** The names of values that the log does not have. Any two of these values may differ. */
    private final Set<String> unknown = new HashSet<>();

    /** A variable. The value is empty where a run must give one. */
    record Input(String name, Optional<String> value) {}

    List<Input> list() {
        return values.entrySet().stream()
                .map(each -> new Input(each.getKey(), each.getValue()))
                .toList();
    }

    static boolean isCut(String logged) {
        return CUT.matcher(logged).find();
    }

    /** @param hint the text after which a new variable is named */
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

    /** A variable for a value that the log does not have. */
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

    /** A name that stands for one value: values that are the same share a name, others do not. */
    private String name(String hint, Optional<String> value) {
        String name = free(
                hint, taken -> !unknown.contains(taken) && values.get(taken).equals(value));
        values.putIfAbsent(name, value);
        return name;
    }

    /** @param shared whether a taken name may serve again */
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
         * A part of a text.
         *
         * @param text the text itself, or the name of a variable
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

        /** The text as one expression. */
        String joined(String operator, Function<String, String> quoted) {
            return parts.stream()
                    .map(part -> part.variable() ? part.text() : quoted.apply(part.text()))
                    .collect(Collectors.joining(operator));
        }
    }
}

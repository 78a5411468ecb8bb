package dev.berth.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds {@code BERTH_…} variables that are not settings: a misspelt one would silently keep its default. */
final class UnknownVariables {
    private static final String PREFIX = "BERTH_";
    /** Kubernetes sets these for a service named "berth". */
    private static final Pattern OF_A_SERVICE = Pattern.compile("BERTH_(SERVICE|PORT)(_.*)?");

    private UnknownVariables() {}

    /**
     * One line that names the unknown variables, each with the most similar setting, if any; empty if there are none.
     */
    static Optional<String> describe(Collection<String> variables, Collection<String> known) {
        List<String> unknown = variables.stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name ->
                        !known.contains(name) && !OF_A_SERVICE.matcher(name).matches())
                .sorted()
                .map(name -> name + nearest(name, known))
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(unknown.stream().collect(Collectors.joining(", ", "not a setting, and ignored: ", "")));
    }

    private static String nearest(String name, Collection<String> known) {
        List<String> settings = known.stream().map(UnknownVariables::bare).toList();
        return Misspelling.nearest(bare(name), settings)
                .map(setting -> " (" + PREFIX + setting + " is one)")
                .orElse("");
    }

    private static String bare(String name) {
        return name.substring(PREFIX.length());
    }
}

package dev.berth.config;

import java.util.Collection;
import java.util.Comparator;
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
        return known.stream()
                .min(Comparator.comparingInt((String setting) -> distance(name, setting))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(setting -> 2 * distance(name, setting) <= name.length() - PREFIX.length())
                .map(setting -> " (" + setting + " is one)")
                .orElse("");
    }

    /** The Levenshtein distance: how many characters must be inserted, deleted or changed. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}

package dev.berth.protocol;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a name was meant to be. */
public final class Misspelling {
    private Misspelling() {}

    /** The most similar of the known names, where at least half of the characters are right. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream()
                .filter(other -> other.length() <= 2 * name.length())
                .min(Comparator.comparingInt((String other) -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(other -> 2 * distance(name, other) <= name.length());
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

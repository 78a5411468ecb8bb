package dev.berth.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a row may cost.
 *
 * @param text as the table has it; empty where a row only informs
 */
record Budget(String text, Predicate<Pair> met) {
    static final Budget NONE = new Budget("", pair -> true);

    static Budget ratioAtMost(double limit) {
        return new Budget("≤ " + limit, pair -> pair.ratio() <= limit);
    }

    static Budget ratioAtLeast(double limit) {
        return new Budget("≥ " + limit, pair -> pair.ratio() >= limit);
    }

    static Budget atMost(double limit, String unit) {
        return new Budget(
                "≤ " + number(limit) + " " + unit, pair -> pair.berth().median() <= limit);
    }

    static Budget atLeast(double limit, String unit) {
        return new Budget(
                "≥ " + number(limit) + " " + unit, pair -> pair.berth().median() >= limit);
    }

    static Budget aboveReferenceAtMost(double limit, String unit) {
        return new Budget("≤ reference + " + number(limit) + " " + unit, pair -> pair.difference() <= limit);
    }

    /** Empty where there is nothing to meet. */
    Optional<Boolean> verdict(Pair pair) {
        return text.isEmpty() ? Optional.empty() : Optional.of(met.test(pair));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
    }
}

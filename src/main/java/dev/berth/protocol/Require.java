package dev.berth.protocol;

import java.util.List;
import java.util.Map;

/**
 * What records demand of their values where they are made: the bus is public, and a neighbour's verticle or a model sends nulls. All
 * throw {@link BerthException} with {@link ErrorCode#INVALID_ARGUMENT} and the field's name.
 */
final class Require {
    /** Longer than any work in a browser is waited for. */
    private static final long MAX_TIMEOUT_MILLIS = 3_600_000;

    private Require() {}

    static <T> T present(String field, T value) {
        if (value == null) {
            throw invalid(field + " is missing");
        }
        return value;
    }

    /** A copy, none of whose elements is missing. */
    static <T> List<T> elements(String field, List<T> list) {
        // List.contains(null) of an immutable list throws.
        for (T element : present(field, list)) {
            if (element == null) {
                throw invalid(field + " must not contain null");
            }
        }
        return List.copyOf(list);
    }

    /** A copy, none of whose keys and values is missing. */
    static <K, V> Map<K, V> entries(String field, Map<K, V> map) {
        present(field, map).forEach((key, value) -> {
            if (key == null || value == null) {
                throw invalid(field + " must not contain null");
            }
        });
        return Map.copyOf(map);
    }

    static void within(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw invalid(field + " must be from " + min + " to " + max + ", not " + value);
        }
    }

    static void timeout(long millis) {
        within("timeout", millis, 1, MAX_TIMEOUT_MILLIS);
    }

    static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw invalid(field + " must be a number, not " + value);
        }
    }

    static void atLeast(String field, double value, double min) {
        if (value < min) {
            throw invalid(field + " must be at least " + min + ", not " + value);
        }
    }

    /** Part of a list. */
    static void range(long offset, int limit) {
        within("offset", offset, 0, Long.MAX_VALUE);
        within("limit", limit, 1, Integer.MAX_VALUE);
    }

    private static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }
}

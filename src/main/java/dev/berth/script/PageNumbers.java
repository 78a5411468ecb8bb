package dev.berth.script;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of a session's pages in a program, from 1 on. */
final class PageNumbers {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private int latest = 1;

    /** The page on which something was done; the latest one where the log does not say. */
    int at(Optional<String> id) {
        latest = id.map(numbers::get).orElse(latest);
        return latest;
    }

    boolean knows(String id) {
        return numbers.containsKey(id);
    }

    boolean none() {
        return numbers.isEmpty();
    }

    /** @return its number */
    int add(String id) {
        return numbers.computeIfAbsent(id, unknown -> numbers.size() + 1);
    }

    List<Integer> all() {
        return List.copyOf(numbers.values());
    }
}

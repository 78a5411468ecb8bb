package dev.berth.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the work of comparing an output with a schema, which grows exponentially with some schemas. Counts look-ups: the validator
 * makes some dozens for each part of a schema that it applies, and two for each pair of elements that are to be unique. One comparison
 * at a time.
 */
final class Meter {
    /** About a second, and 100,000 applied parts of a schema. */
    private static final int MAX_LOOKUPS = 5_000_000;

    private static final int STEPS_OF_LOOKUP = 20;

    private long left = MAX_LOOKUPS;

    void reset() {
        left = MAX_LOOKUPS;
    }

    private void count() {
        count(1);
    }

    private void count(long lookups) {
        left -= lookups;
        if (left < 0) {
            throw new IllegalStateException("that takes too much work");
        }
    }

    /** An expression is matched. A look-up takes as long as some of its steps. */
    void match(long steps) {
        count(steps / STEPS_OF_LOOKUP);
    }

    /** The members of a part of a schema. */
    Map<String, Object> members() {
        return new LinkedHashMap<>() {
            @Override
            public boolean containsKey(Object key) {
                count();
                return super.containsKey(key);
            }
        };
    }

    /** The elements of a list in an output. */
    List<Object> elements() {
        return new ArrayList<>() {
            @Override
            public Object get(int index) {
                count();
                return super.get(index);
            }
        };
    }
}

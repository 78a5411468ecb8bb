package dev.berth.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that was done in a session.
 *
 * @param type the verb
 * @param timestamp when it began
 * @param details what it was asked for and what came of it; JSON values only
 * @param duration milliseconds
 * @param error why it failed
 */
public record ActionEntry(
        String actionId,
        String type,
        Instant timestamp,
        boolean success,
        Map<String, Object> details,
        long duration,
        ActionSource source,
        Optional<String> error,
        Cost cost) {
    public ActionEntry {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}

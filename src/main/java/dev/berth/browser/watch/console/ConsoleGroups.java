package dev.berth.browser.watch.console;

import dev.berth.protocol.ConsoleEntry;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How deep each page, iframe or worker is in groups of console lines. A group lasts until the page ends it or leaves. Lives on the
 * browser's context.
 */
public final class ConsoleGroups {
    private static final int MAX_DEPTH = 100;

    private final Map<String, Integer> depths = new HashMap<>();

    /** The line of {@code Runtime.consoleAPICalled}; empty where a group ends, which DevTools does not show either. */
    public Optional<ConsoleEntry> called(String session, JsonObject event) {
        String type = event.getString("type");
        if (type.equals("endGroup")) {
            set(session, depth(session) - 1);
            return Optional.empty();
        }
        ConsoleEntry line = within(session, ConsoleFormatter.consoleCall(event));
        if (type.startsWith("startGroup")) {
            set(session, depth(session) + 1);
        } else if (type.equals("clear")) {
            left(session);
        }
        return Optional.of(line);
    }

    /** The same line, within the groups that are open. */
    public ConsoleEntry within(String session, ConsoleEntry line) {
        return line.in(depth(session));
    }

    /** The document or the target is gone. */
    public void left(String session) {
        depths.remove(session);
    }

    private int depth(String session) {
        return depths.getOrDefault(session, 0);
    }

    private void set(String session, int depth) {
        if (depth <= 0) {
            depths.remove(session);
        } else {
            depths.put(session, Math.min(depth, MAX_DEPTH));
        }
    }
}

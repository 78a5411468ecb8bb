package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts names in the place of {@link Secrets}, in one pass, so that a name is never searched itself. Whoever chooses the values also
 * chooses the texts: one that takes much work, or would grow much, is redacted as a whole. Thread-safe.
 */
public final class Hiding {
    private static final String REDACTED = "[redacted]";
    /** Of work for each character of a text, and for a text. */
    private static final int WORK = 64;

    private static final int LEAST_WORK = 10_000;
    private static final int LEAST_GROWTH = 1_000;
    /** Fields of log entries that no page chooses, and that must stay readable. */
    private static final Set<String> PLAIN = Set.of(
            "actionId",
            "type",
            "timestamp",
            "level",
            "source",
            "method",
            "resourceType",
            "requestId",
            "pageId",
            "documentId",
            "frameId");

    /** Where an escape may begin. */
    private static final Set<Integer> ESCAPES = Set.of((int) '\\', (int) '%', (int) '&');

    /** By the first character, the longest first: one may contain another. */
    private final Map<Integer, List<WrittenValue>> values;

    Hiding(Secrets secrets) {
        this(secrets.values().entrySet());
    }

    /** @param secrets names and values; several values may have the same name */
    public Hiding(Collection<Map.Entry<String, String>> secrets) {
        Map<Integer, List<WrittenValue>> byFirst = new HashMap<>();
        secrets.stream()
                .map(each -> new WrittenValue(Secrets.shown(each.getKey()), each.getValue()))
                .sorted(Comparator.comparingInt(WrittenValue::length).reversed())
                .forEach(value -> firsts(value)
                        .forEach(first -> byFirst.computeIfAbsent(first, none -> new ArrayList<>())
                                .add(value)));
        values = byFirst;
    }

    private static Set<Integer> firsts(WrittenValue value) {
        Set<Integer> firsts = new HashSet<>(value.mayBeginWithEscape() ? ESCAPES : Set.of());
        firsts.add(value.first());
        return firsts;
    }

    /** The text with each name for its value. */
    public String hide(String text) {
        return values.isEmpty() ? text : new Pass(text).run();
    }

    private final class Pass {
        private final String text;
        private final StringBuilder clean = new StringBuilder();
        private long workLeft;
        private int copied;

        private Pass(String text) {
            this.text = text;
            this.workLeft = (long) WORK * text.length() + LEAST_WORK;
        }

        private String run() {
            for (int at = 0; at < text.length(); at = Math.max(at + 1, copied)) {
                for (WrittenValue value : values.getOrDefault(WrittenValue.folded(text.codePointAt(at)), List.of())) {
                    int end = value.end(text, at, compared -> workLeft-- > 0);
                    if (end > at) {
                        clean.append(text, copied, at).append(value.name());
                        copied = end;
                        break;
                    }
                }
                if (workLeft < 0 || clean.length() > 2L * text.length() + LEAST_GROWTH) {
                    return REDACTED;
                }
            }
            return copied == 0
                    ? text
                    : clean.append(text, copied, text.length()).toString();
        }
    }

    /** The same record with all texts hidden that a page or a client chose. */
    public <T> T hideIn(T entry, Class<T> type) {
        if (values.isEmpty()) {
            return entry;
        }
        try {
            return ProtocolJson.MAPPER.treeToValue(hidden(ProtocolJson.MAPPER.valueToTree(entry)), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(type.getSimpleName() + " can't be made without secrets", e);
        }
    }

    private JsonNode hidden(JsonNode node) {
        if (node instanceof TextNode text) {
            return new TextNode(hide(text.textValue()));
        } else if (node instanceof ObjectNode object) {
            object.properties().stream()
                    .filter(field -> !PLAIN.contains(field.getKey()))
                    .toList()
                    .forEach(field -> object.set(field.getKey(), hidden(field.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, hidden(array.get(i)));
            }
        }
        return node;
    }
}

package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** By the first character, the longest first: one may contain another. */
    private final Map<Character, List<Form>> forms;

    private record Form(String value, String name) {}

    Hiding(Secrets secrets) {
        this(secrets.values().entrySet());
    }

    /** @param secrets names and values; several values may have the same name */
    public Hiding(Collection<Map.Entry<String, String>> secrets) {
        forms = secrets.stream()
                .flatMap(each -> written(each.getValue()).map(form -> new Form(form, Secrets.shown(each.getKey()))))
                .sorted(Comparator.comparingInt((Form form) -> form.value().length())
                        .reversed())
                .collect(Collectors.groupingBy(form -> form.value().charAt(0)));
    }

    /** As it is, and as URLs and JSON contain it. */
    private static Stream<String> written(String value) {
        String query = URLEncoder.encode(value, StandardCharsets.UTF_8);
        String quoted = new TextNode(value).toString();
        return Stream.of(value, query, query.replace("+", "%20"), quoted.substring(1, quoted.length() - 1))
                .distinct();
    }

    /** The text with each name for its value. */
    public String hide(String text) {
        return forms.isEmpty() ? text : new Pass(text).run();
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
                for (Form form : forms.getOrDefault(text.charAt(at), List.of())) {
                    if (startsAt(at, form.value())) {
                        clean.append(text, copied, at).append(form.name());
                        copied = at + form.value().length();
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

        private boolean startsAt(int at, String value) {
            int same = 0;
            int most = Math.min(value.length(), text.length() - at);
            while (same < most && workLeft >= 0 && value.charAt(same) == text.charAt(at + same)) {
                same++;
                workLeft--;
            }
            workLeft--;
            return same == value.length();
        }
    }

    /** The same record with all texts hidden that a page or a client chose. */
    public <T> T hideIn(T entry, Class<T> type) {
        if (forms.isEmpty()) {
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

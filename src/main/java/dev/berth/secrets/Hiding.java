package dev.berth.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts names in the place of {@link Secrets}: of values as they are, and as URLs and JSON write them, in any case of letters.
 * Immutable.
 */
public final class Hiding {
    private static final String REDACTED = "[redacted]";
    private static final int[] NOTHING = {};
    /** A name is longer than a value of one character: a text may double and grow by this number of characters. */
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

    /** A text that is hidden, and what is shown instead. */
    private record Hidden(String text, String shown) {}

    private final List<Hidden> hidden;
    private final ValueSearch search;

    /** Throws {@link dev.berth.protocol.BerthException} where the values are too long altogether. */
    public Hiding(Secrets secrets) {
        this(secrets.values().entrySet());
    }

    /** @param secrets names and values; several values may have the same name */
    Hiding(Collection<Map.Entry<String, String>> secrets) {
        hidden = secrets.stream()
                .flatMap(each -> written(each.getValue().strip())
                        .map(text -> new Hidden(text, Secrets.placeholder(each.getKey()))))
                .toList();
        search = new ValueSearch(hidden.stream().map(Hidden::text).toList());
    }

    /** The value, in JSON, in a form's URL, and by the encoders of pages' scripts. */
    private static Stream<String> written(String value) {
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        String url = form.replace("+", "%20");
        String script = url.replace("%21", "!")
                .replace("%27", "'")
                .replace("%28", "(")
                .replace("%29", ")")
                .replace("%7E", "~");
        String json = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value));
        return Stream.of(value, json, form, url, script).distinct();
    }

    /** The text with each name for its value; a text that would grow much is redacted as a whole. */
    public String hide(String text) {
        int[] ends = hidden.isEmpty() ? NOTHING : search.in(text);
        return ends.length == 0 ? text : named(text, ends);
    }

    /** Replaces values by their names, from the end to the beginning. Values that overlap are hidden as one. */
    private String named(String text, int[] ends) {
        List<String> parts = new ArrayList<>();
        long length = 0;
        int shown = text.length();
        for (int end = text.length(); end > 0; ) {
            if (ends[end - 1] == ValueSearch.NONE) {
                end--;
                continue;
            }
            Hidden last = hidden.get(ends[end - 1]);
            int start = start(ends, end);
            parts.add(text.substring(end, shown));
            parts.add(last.shown());
            length += shown - end + last.shown().length();
            if (length > 2L * text.length() + LEAST_GROWTH) {
                return REDACTED;
            }
            shown = start;
            end = start;
        }
        parts.add(text.substring(0, shown));
        Collections.reverse(parts);
        return String.join("", parts);
    }

    /** The index at which the values begin that end at {@code end}, or overlap with those. */
    private int start(int[] ends, int end) {
        int start = end - hidden.get(ends[end - 1]).text().length();
        for (int at = end - 1; at > start; at--) {
            if (ends[at - 1] != ValueSearch.NONE) {
                start = Math.min(start, at - hidden.get(ends[at - 1]).text().length());
            }
        }
        return start;
    }

    /** The same record with all texts hidden that a page or a client chose. */
    public <T> T hideIn(T entry, Class<T> type) {
        if (hidden.isEmpty()) {
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

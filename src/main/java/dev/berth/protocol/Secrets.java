package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Texts that are entered into pages, and must appear neither in a log nor before a model: {@code {{name}}} stands for each.
 *
 * @param values by name
 */
public record Secrets(Map<String, String> values) {
    public static final Secrets NONE = new Secrets(Map.of());

    private static final int MAX_SECRETS = 50;
    private static final int MAX_CHARS = 4_096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
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

    /** Throws {@link BerthException} where a name or a value is invalid. */
    public Secrets {
        values = Require.entries("variables", values);
        if (values.size() > MAX_SECRETS) {
            throw Require.invalid("variables must be at most " + MAX_SECRETS);
        }
        values.forEach(Secrets::requireUsable);
    }

    private static void requireUsable(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw Require.invalid("a name in variables must have 1 to 64 letters, digits, '_', '-' or '.'");
        }
        if (value.isBlank() || value.length() > MAX_CHARS) {
            throw Require.invalid(
                    "variables." + name + " must have 1 to " + MAX_CHARS + " characters that are not all blank");
        }
    }

    /** {@code toString} of a record would show them. */
    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }

    /** The text with each name for its value: also where a URL or JSON contains the value. */
    public String hide(String text) {
        String clean = text;
        for (Form form : forms()) {
            clean = clean.replace(form.value(), form.name());
        }
        return clean;
    }

    /** The text with each value for its name. */
    public String reveal(String text) {
        String whole = text;
        for (Map.Entry<String, String> each : values.entrySet()) {
            whole = whole.replace(shown(each.getKey()), each.getValue());
        }
        return whole;
    }

    private record Form(String value, String name) {}

    /** The longest first: one may contain another. */
    private List<Form> forms() {
        return values.entrySet().stream()
                .flatMap(each -> Stream.of(
                                each.getValue(),
                                query(each.getValue()),
                                component(each.getValue()),
                                json(each.getValue()))
                        .distinct()
                        .map(form -> new Form(form, shown(each.getKey()))))
                .sorted(Comparator.comparingInt((Form form) -> form.value().length())
                        .reversed())
                .toList();
    }

    private static String shown(String name) {
        return "{{" + name + "}}";
    }

    private static String query(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String component(String value) {
        return query(value).replace("+", "%20");
    }

    private static String json(String value) {
        String quoted = new TextNode(value).toString();
        return quoted.substring(1, quoted.length() - 1);
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

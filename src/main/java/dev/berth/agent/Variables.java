package dev.berth.agent;

import dev.berth.protocol.Secrets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Puts the values of variables into arguments, where they are entered into pages. Never into scripts: one could send a value
 * anywhere, or give it back in another form that is not recognised, and the model would see it. Nor into selectors, whose errors
 * repeat them.
 */
final class Variables {
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "fill", Set.of("value"),
            "type", Set.of("text"),
            "select", Set.of("values"),
            "navigate", Set.of("url"),
            "open_page", Set.of("url"));

    private final Secrets values;

    Variables(Secrets values) {
        this.values = values;
    }

    JsonObject put(String tool, JsonObject arguments) {
        JsonObject whole = arguments.copy();
        for (String field : FIELDS.getOrDefault(tool, Set.of())) {
            Object value = whole.getValue(field);
            if (value instanceof String text) {
                whole.put(field, text(text, field));
            } else if (value instanceof JsonArray list) {
                JsonArray entered = new JsonArray();
                list.forEach(each ->
                        entered.add(each instanceof String text ? entered(text, UnaryOperator.identity()) : each));
                whole.put(field, entered);
            }
        }
        return whole;
    }

    private String text(String text, String field) {
        return field.equals("url") ? url(text) : entered(text, UnaryOperator.identity());
    }

    /** A variable may be the whole URL, or a part that must not break it; but no part of a document with scripts of the model. */
    String url(String text) {
        if (text.strip().regionMatches(true, 0, "data:", 0, 5)) {
            return text;
        }
        return entered(text, text.startsWith("{{") ? UnaryOperator.identity() : Variables::encoded);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String entered(String text, UnaryOperator<String> form) {
        String whole = text;
        for (Map.Entry<String, String> each : values.values().entrySet()) {
            whole = whole.replace(Secrets.placeholder(each.getKey()), form.apply(each.getValue()));
        }
        return whole;
    }
}

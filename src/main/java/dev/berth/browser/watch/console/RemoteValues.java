package dev.berth.browser.watch.console;

import dev.berth.browser.cdp.MessageKeeper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Renders CDP's {@code Runtime.RemoteObject}s as the console of DevTools does, and counts the characters that {@link
 * MessageKeeper} has cut from the rendered texts. Pure.
 */
public final class RemoteValues {
    private long hiddenChars;

    /** The number of characters that were cut from what was rendered. */
    public long hiddenChars() {
        return hiddenChars;
    }

    /** Reads a text that may have been cut; empty if there is none. */
    public String read(JsonObject from, String field) {
        return read(from, field, "");
    }

    private String read(JsonObject from, String field, String absent) {
        if (from.getValue(field + MessageKeeper.HIDDEN) instanceof Number missing) {
            hiddenChars += missing.longValue();
        }
        return from.getString(field, absent);
    }

    /** The arguments of one console call: format specifiers such as {@code %s} are substituted, the rest is joined by spaces. */
    String format(JsonArray arguments) {
        if (arguments.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        JsonObject first = arguments.getJsonObject(0);
        boolean template = isString(first);
        int used = 1;
        if (template) {
            used = substitute(read(first, "value"), arguments, out);
        } else {
            out.append(render(first));
        }
        for (int i = used; i < arguments.size(); i++) {
            JsonObject argument = arguments.getJsonObject(i);
            out.append(' ').append(template ? text(argument) : render(argument));
        }
        return out.toString();
    }

    /** Appends {@code template} with its specifiers substituted; returns the index of the first unused argument. */
    private int substitute(String template, JsonArray arguments, StringBuilder out) {
        int next = 1;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            char specifier = c == '%' && i + 1 < template.length() ? template.charAt(i + 1) : 0;
            if (specifier == '%') {
                out.append('%');
                i++;
            } else if ("sdifoOc".indexOf(specifier) >= 0 && next < arguments.size()) {
                out.append(convert(specifier, arguments.getJsonObject(next++)));
                i++;
            } else {
                out.append(c);
            }
        }
        return next;
    }

    private String convert(char specifier, JsonObject argument) {
        return switch (specifier) {
            case 'c' -> ""; // CSS for the text that follows
            case 'd', 'i' -> number(argument, true);
            case 'f' -> number(argument, false);
            case 's' -> text(argument);
            default -> render(argument);
        };
    }

    private String number(JsonObject argument, boolean whole) {
        if (whole && argument.getValue("value") instanceof Number number) {
            return Long.toString(number.longValue());
        }
        return switch (argument.getString("type")) {
            case "number", "bigint" -> render(argument);
            default -> "NaN";
        };
    }

    /** A string as it is, anything else rendered. */
    String text(JsonObject value) {
        return isString(value) ? read(value, "value") : render(value);
    }

    private static boolean isString(JsonObject value) {
        return "string".equals(value.getString("type"));
    }

    /** The text of one value, strings quoted. */
    String render(JsonObject value) {
        if (value.containsKey("unserializableValue")) {
            return read(value, "unserializableValue");
        }
        return switch (value.getString("type")) {
            case "undefined" -> "undefined";
            case "string" -> quote(read(value, "value"));
            // The description has JavaScript's number format, the value would get Java's.
            case "number", "boolean" -> value.getString("description", String.valueOf(value.getValue("value")));
            case "function" -> function(read(value, "description"));
            case "object" -> object(value);
            default -> read(value, "description");
        };
    }

    private static String function(String source) {
        return source.replaceFirst("^(async )?function(\\*?) ?", "$1ƒ$2 ");
    }

    private String object(JsonObject value) {
        JsonObject preview = value.getJsonObject("preview");
        return switch (value.getString("subtype", "")) {
            case "null" -> "null";
            case "promise" -> preview == null ? "Promise" : promise(preview);
            case "error" -> error(value);
            case "regexp", "date", "node", "proxy", "weakmap", "weakset" -> read(value, "description");
            default -> preview == null ? read(value, "description", "Object") : preview(preview);
        };
    }

    /** An error with its stack, and its cause as far as the preview has it. */
    String error(JsonObject value) {
        JsonObject preview = value.getJsonObject("preview", new JsonObject());
        String cause = preview.getJsonArray("properties", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .filter(property -> "cause".equals(property.getString("name")))
                .map(property -> "\nCaused by: " + read(property, "value"))
                .findFirst()
                .orElse("");
        return read(value, "description") + cause;
    }

    private String promise(JsonObject preview) {
        String state = internal(preview, "[[PromiseState]]");
        String result = state.equals("pending") ? "" : ": " + internal(preview, "[[PromiseResult]]");
        return "Promise {<" + state + ">" + result + "}";
    }

    private String internal(JsonObject preview, String name) {
        return preview.getJsonArray("properties", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .filter(p -> p.getString("name").equals(name))
                .map(p -> name.equals("[[PromiseState]]") ? p.getString("value", "") : value(p))
                .findFirst()
                .orElse("pending");
    }

    private String preview(JsonObject preview) {
        String more = preview.getBoolean("overflow", false) ? ", …" : "";
        String description = read(preview, "description", "Object");
        JsonArray properties = preview.getJsonArray("properties", new JsonArray());
        String subtype = preview.getString("subtype", "");
        if (subtype.equals("array") || subtype.equals("typedarray")) {
            return arrayPrefix(description) + "[" + elements(properties, length(description), more) + more + "]";
        }
        JsonArray entries = preview.getJsonArray("entries");
        String body = entries == null ? members(properties) : joinEntries(entries);
        return (description.equals("Object") ? "" : description + " ") + "{" + body + more + "}";
    }

    /** {@code (3) } for plain arrays, {@code Uint8Array(3) } for others; DevTools omits a length of 0 or 1. */
    private static String arrayPrefix(String description) {
        String prefix = description.replaceFirst("^Array(?=\\()", "").replaceFirst("\\([01]\\)$", "");
        return prefix.isEmpty() ? "" : prefix + " ";
    }

    private static int length(String description) {
        String digits = description.replaceFirst("^.*\\((\\d+)\\)$", "$1");
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
    }

    private String elements(JsonArray properties, int length, String more) {
        List<String> shown = new ArrayList<>();
        int next = 0;
        for (JsonObject property :
                properties.stream().map(JsonObject.class::cast).toList()) {
            if (!property.getString("name").matches("\\d{1,9}")) {
                shown.add(property.getString("name") + ": " + value(property));
                continue;
            }
            int index = Integer.parseInt(property.getString("name"));
            addGap(shown, more.isEmpty() ? index - next : 0);
            shown.add(value(property));
            next = index + 1;
        }
        addGap(shown, more.isEmpty() ? length - next : 0);
        return String.join(", ", shown);
    }

    private static void addGap(List<String> shown, int missing) {
        if (missing > 0) {
            shown.add(missing == 1 ? "empty" : "empty × " + missing);
        }
    }

    private String members(JsonArray properties) {
        return properties.stream()
                .map(JsonObject.class::cast)
                .map(p -> p.getString("name") + ": " + value(p))
                .collect(Collectors.joining(", "));
    }

    private String joinEntries(JsonArray entries) {
        return entries.stream()
                .map(JsonObject.class::cast)
                .map(e -> e.containsKey("key")
                        ? nested(e.getJsonObject("key")) + " => " + nested(e.getJsonObject("value"))
                        : nested(e.getJsonObject("value")))
                .collect(Collectors.joining(", "));
    }

    private String nested(JsonObject preview) {
        return switch (preview.getString("type")) {
            case "string" -> quote(read(preview, "description"));
            case "object" -> preview.containsKey("subtype") ? read(preview, "description") : "{…}";
            default -> read(preview, "description");
        };
    }

    /** A property as a preview shows it. */
    String value(JsonObject property) {
        String text = read(property, "value");
        return switch (property.getString("type")) {
            case "string" -> quote(text);
            case "function" -> "ƒ";
            case "accessor" -> "(…)";
            case "object" -> text.equals("Object") ? "{…}" : text;
            default -> text;
        };
    }

    /** Single quotes, or double ones if only these need no escaping. */
    private static String quote(String text) {
        char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(mark);
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> out.append(c == mark ? "\\" : "").append(c);
            }
        }
        return out.append(mark).toString();
    }
}

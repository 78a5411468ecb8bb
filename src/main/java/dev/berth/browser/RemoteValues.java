package dev.berth.browser;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** Renders CDP's {@code Runtime.RemoteObject}s as the console of DevTools does. Pure. */
final class RemoteValues {
    private RemoteValues() {}

    /** The arguments of one console call: {@code %s} and its like substituted, the rest joined by spaces. */
    static String format(JsonArray arguments) {
        if (arguments.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        int used = 1;
        JsonObject first = arguments.getJsonObject(0);
        if (isString(first)) {
            used = substitute(first.getString("value", ""), arguments, out);
        } else {
            out.append(render(first));
        }
        for (int i = used; i < arguments.size(); i++) {
            out.append(' ').append(text(arguments.getJsonObject(i)));
        }
        return out.toString();
    }

    /** Appends {@code template} with its specifiers filled; gives the index of the first argument not used. */
    private static int substitute(String template, JsonArray arguments, StringBuilder out) {
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

    private static String convert(char specifier, JsonObject argument) {
        return switch (specifier) {
            case 'c' -> ""; // CSS for the text that follows
            case 'd', 'i' -> number(argument, true);
            case 'f' -> number(argument, false);
            case 's' -> text(argument);
            default -> render(argument);
        };
    }

    private static String number(JsonObject argument, boolean whole) {
        if (argument.getValue("value") instanceof Number number) {
            return whole ? Long.toString(number.longValue()) : render(argument);
        }
        return "bigint".equals(argument.getString("type")) ? render(argument) : "NaN";
    }

    /** A string as it is, anything else rendered. */
    private static String text(JsonObject value) {
        return isString(value) ? value.getString("value", "") : render(value);
    }

    private static boolean isString(JsonObject value) {
        return "string".equals(value.getString("type"));
    }

    /** One value, strings quoted. */
    static String render(JsonObject value) {
        if (value.containsKey("unserializableValue")) {
            return value.getString("unserializableValue");
        }
        return switch (value.getString("type")) {
            case "undefined" -> "undefined";
            case "string" -> quote(value.getString("value", ""));
            case "number", "boolean" -> plain(value.getValue("value"));
            case "object" -> object(value);
            default -> value.getString("description", "");
        };
    }

    private static String plain(Object value) {
        boolean whole = value instanceof Double number && number % 1 == 0 && Math.abs(number) < 1e15;
        return whole ? Long.toString(((Double) value).longValue()) : String.valueOf(value);
    }

    private static String object(JsonObject value) {
        String subtype = value.getString("subtype", "");
        JsonObject preview = value.getJsonObject("preview");
        boolean describesItself =
                switch (subtype) {
                    case "error", "regexp", "date", "node", "promise", "proxy", "weakmap", "weakset" -> true;
                    default -> preview == null;
                };
        if (subtype.equals("null")) {
            return "null";
        }
        return describesItself ? value.getString("description", "Object") : preview(preview);
    }

    private static String preview(JsonObject preview) {
        String more = preview.getBoolean("overflow", false) ? ", …" : "";
        String description = preview.getString("description", "Object");
        JsonArray entries = preview.getJsonArray("entries");
        JsonArray properties = preview.getJsonArray("properties", new JsonArray());
        boolean array =
                "array".equals(preview.getString("subtype")) || "typedarray".equals(preview.getString("subtype"));
        if (array) {
            String size = description.replaceFirst("^Array(?=\\()", "");
            return (size.equals("(0)") || size.equals("(1)") ? "" : size + " ") + "[" + join(properties, true) + more
                    + "]";
        }
        String body = entries == null ? join(properties, false) : joinEntries(entries);
        return (description.equals("Object") ? "" : description + " ") + "{" + body + more + "}";
    }

    private static String join(JsonArray properties, boolean elements) {
        return properties.stream()
                .map(JsonObject.class::cast)
                .map(p -> elements && p.getString("name").matches("\\d+")
                        ? value(p)
                        : p.getString("name") + ": " + value(p))
                .collect(Collectors.joining(", "));
    }

    private static String joinEntries(JsonArray entries) {
        return entries.stream()
                .map(JsonObject.class::cast)
                .map(e -> e.containsKey("key")
                        ? nested(e.getJsonObject("key")) + " => " + nested(e.getJsonObject("value"))
                        : nested(e.getJsonObject("value")))
                .collect(Collectors.joining(", "));
    }

    private static String nested(JsonObject preview) {
        return switch (preview.getString("type")) {
            case "string" -> quote(preview.getString("description", ""));
            case "object" -> preview.containsKey("subtype") ? preview.getString("description", "") : "{…}";
            default -> preview.getString("description", "");
        };
    }

    private static String value(JsonObject property) {
        String text = property.getString("value", "");
        return switch (property.getString("type")) {
            case "string" -> quote(text);
            case "function" -> "ƒ";
            case "accessor" -> "(…)";
            case "object" -> text.equals("Object") ? "{…}" : text;
            default -> text;
        };
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }
}

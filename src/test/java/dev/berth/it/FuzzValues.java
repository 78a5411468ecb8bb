package dev.berth.it;

import dev.berth.sdk.ContractFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Values that a JSON schema allows, or nearly: one in five breaks it somewhere. */
final class FuzzValues {
    private static final int MAX_DEPTH = 5;
    /** A wait that ends soon: milliseconds. An input's time is better spent on the next input. */
    private static final int SHORT_MILLIS = 150;

    private static final Set<String> WAITS = Set.of("timeout", "timeoutMs", "timeoutMillis", "hold", "delay", "wait");
    private static final Set<String> URLS = Set.of("url", "startUrl", "initialPrompt");
    private static final Set<String> SELECTORS = Set.of("selector", "to", "element", "ref");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "\u0000",
            "\ud800",
            "\u202e\u200b",
            "🦊👩‍👩‍👧",
            "../../etc/passwd",
            "' or 1=1 --",
            "%00%ff",
            "${jndi:x}",
            "<script>alert(1)</script>",
            "null",
            "-1",
            "1e999",
            "a\r\nX-Injected: yes",
            "[object Object]",
            "ab".repeat(70_000));

    private static final List<String> PAGES = List.of(
            "about:blank",
            "data:text/html,<title>x</title><input id=name>",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://[::1",
            "chrome://version",
            "blob:null/1",
            "http://127.0.0.1:1/",
            "//",
            "http://user:word@127.0.0.1:1/");

    private static final List<String> FOUND = List.of(
            "#name",
            "text=x",
            "role=button[name=\"x\"]",
            "xpath=//*",
            "xpath=//[",
            "css=:is(",
            "ref=e1",
            "a >> b",
            ">>",
            "*".repeat(3_000),
            "[x='");

    private static final List<Object> ODD = List.of(
            Long.MAX_VALUE,
            Double.MAX_VALUE,
            -1,
            0.5,
            true,
            "x",
            new JsonArray().add(new JsonArray().add(new JsonObject())),
            new JsonObject().put("__proto__", new JsonObject()));

    private final Random random;
    private final List<String> pages;

    /** @param page a page that opens */
    FuzzValues(Random random, String page) {
        this.random = random;
        this.pages = List.of(page);
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String text() {
        return oneOf(TEXTS);
    }

    /** Anything that JSON can be. */
    Object odd() {
        return oneIn(6) ? null : oneIn(2) ? text() : oneOf(ODD);
    }

    /** @param name of the field that gets the value: its meaning narrows the choice */
    Object of(String name, JsonObject unresolved) {
        return of(name, unresolved, 0);
    }

    private Object of(String name, JsonObject unresolved, int depth) {
        JsonObject schema = ContractFile.resolved(unresolved);
        if (oneIn(20)) {
            return odd();
        } else if (schema.containsKey("enum") && !oneIn(10)) {
            return oneOf(schema.getJsonArray("enum").stream().toList());
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.containsKey(choice)) {
                return of(
                        name,
                        (JsonObject) oneOf(schema.getJsonArray(choice).stream().toList()),
                        depth);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth + 1);
            case "array" -> array(name, schema, depth + 1);
            case "integer", "number" -> number(name, schema);
            case "boolean" -> random.nextBoolean();
            case "string" -> string(name, schema);
            default -> odd();
        };
    }

    private static String type(JsonObject schema) {
        Object type = schema.getValue("type", schema.containsKey("properties") ? "object" : "");
        return type instanceof JsonArray several ? several.getString(0) : (String) type;
    }

    private JsonObject object(JsonObject schema, int depth) {
        JsonObject made = new JsonObject();
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        List<Object> required =
                schema.getJsonArray("required", new JsonArray()).stream().toList();
        for (String name : properties.fieldNames()) {
            boolean wanted = required.contains(name) ? !oneIn(25) : WAITS.contains(name) || oneIn(depth + 1);
            if (wanted && depth < MAX_DEPTH) {
                made.put(name, of(name, properties.getJsonObject(name), depth));
            }
        }
        if (oneIn(25) || properties.isEmpty() && oneIn(2)) {
            made.put(oneIn(2) ? "unknown" : text(), odd());
        }
        return made;
    }

    private JsonArray array(String name, JsonObject schema, int depth) {
        JsonArray made = new JsonArray();
        int count = oneIn(30) ? 300 : random.nextInt(3);
        for (int i = 0; i < count; i++) {
            made.add(of(name, schema.getJsonObject("items", new JsonObject()), depth));
        }
        return made;
    }

    private Number number(String name, JsonObject schema) {
        if (WAITS.contains(name) && !oneIn(10)) {
            return random.nextInt(SHORT_MILLIS);
        }
        long least = schema.getNumber("minimum", -5).longValue();
        long most = schema.getNumber("maximum", 2_000).longValue();
        return switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> least - 1;
            case 2 -> WAITS.contains(name) ? least : most;
            case 3 -> most + 1;
            default -> least + Math.floorMod(random.nextLong(), Math.max(1, Math.min(most - least, 500)));
        };
    }

    private String string(String name, JsonObject schema) {
        if (schema.containsKey("example") && oneIn(2)) {
            return String.valueOf(schema.getValue("example"));
        } else if (oneIn(4)) {
            return text();
        } else if (URLS.contains(name)) {
            return oneIn(2) ? oneOf(pages) : oneOf(PAGES);
        } else if (name.equals("expression")) {
            return oneOf(List.of("1", "document.title", "throw 1", "({a: [1n]})", "(", "new Promise(done => done(1))"));
        }
        return SELECTORS.contains(name) ? oneOf(FOUND) : oneOf(List.of("a", "name", "2026-01-01T00:00:00Z", "10"));
    }
}

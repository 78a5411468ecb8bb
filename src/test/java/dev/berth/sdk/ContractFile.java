package dev.berth.sdk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** {@code openapi.yaml}. */
public final class ContractFile {
    private static final JsonObject CONTRACT = load();

    private ContractFile() {}

    public static JsonObject read() {
        return CONTRACT;
    }

    /** What {@code $ref} names, or the object itself. */
    public static JsonObject resolved(JsonObject object) {
        return new Schemas(CONTRACT).resolved(object);
    }

    /** The required fields that a value does not have, such as {@code sessions[].status}. */
    public static List<String> missing(JsonObject schema, Object value) {
        return missing("", resolved(schema), value).toList();
    }

    private static Stream<String> missing(String at, JsonObject schema, Object value) {
        if (value instanceof JsonArray list && schema.containsKey("items")) {
            JsonObject items = resolved(schema.getJsonObject("items"));
            return list.stream().flatMap(each -> missing(at + "[]", items, each));
        } else if (!(value instanceof JsonObject)) {
            return Stream.of();
        }
        JsonObject object = (JsonObject) value;
        Schemas schemas = new Schemas(CONTRACT);
        return Stream.concat(
                schemas.required(schema).stream()
                        .filter(name -> !object.containsKey(name))
                        .map(name -> at + "." + name),
                schemas.properties(schema).entrySet().stream()
                        .flatMap(field -> missing(
                                at + "." + field.getKey(),
                                resolved(field.getValue()),
                                object.getValue(field.getKey()))));
    }

    private static JsonObject load() {
        try (InputStream yaml = ContractFile.class.getResourceAsStream("/dev/berth/openapi.yaml")) {
            return new JsonObject(new Yaml().<Map<String, Object>>load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

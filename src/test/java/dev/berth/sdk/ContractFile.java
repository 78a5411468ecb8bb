package dev.berth.sdk;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
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

    private static JsonObject load() {
        try (InputStream yaml = ContractFile.class.getResourceAsStream("/dev/berth/openapi.yaml")) {
            return new JsonObject(new Yaml().<Map<String, Object>>load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

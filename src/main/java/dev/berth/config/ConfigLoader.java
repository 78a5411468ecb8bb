package dev.berth.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@link ServerConfig} from the YAML file, if it exists, then from {@code BERTH_…} variables. Fills the rest with
 * defaults.
 */
public final class ConfigLoader {
    private static final Logger log = LoggerFactory.getLogger(ConfigLoader.class);
    /** The environment variable with the path of the YAML file. */
    public static final String FILE_VARIABLE = "BERTH_CONFIG";

    private static final String DEFAULT_FILE = "config/berth.yaml";

    private ConfigLoader() {}

    /** Fails with {@link ConfigException} if a value is bad or a key is unknown. */
    public static Future<ServerConfig> load(Vertx vertx, Map<String, String> environment) {
        String file = file(environment).toString();
        FileSystem files = vertx.fileSystem();
        return files.exists(file)
                .compose(there -> there || environment.containsKey(FILE_VARIABLE)
                        ? files.readFile(file)
                        : Future.succeededFuture(Buffer.buffer()))
                .recover(e ->
                        Future.failedFuture(new ConfigException("config", file + " can't be read: " + e.getMessage())))
                .map(yaml -> read(parse(file, yaml.toString()), environment));
    }

    /** The settings from {@code environment} alone, with defaults for the rest. */
    public static ServerConfig withoutFile(Map<String, String> environment) {
        return read(new JsonObject(), environment);
    }

    /** The settings from {@code json}, which has the keys of the YAML file, with defaults for the rest. Blocks. */
    public static ServerConfig of(JsonObject json) {
        return read(json, Map.of());
    }

    /** The path of the YAML file, which need not exist. */
    public static Path file(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(FILE_VARIABLE, DEFAULT_FILE));
    }

    private static JsonObject parse(String file, String yaml) {
        try {
            Map<String, Object> parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return parsed == null ? new JsonObject() : new JsonObject(parsed);
        } catch (YAMLException | ClassCastException e) {
            throw new ConfigException("config", file + " is not a YAML map: " + e.getMessage());
        }
    }

    /** The settings from {@code file}, overridden by {@code environment}. */
    static ServerConfig read(JsonObject file, Map<String, String> environment) {
        Map<String, String> flat = new HashMap<>();
        flatten("", file, flat);
        Settings settings = new Settings(flat, environment);
        ServerConfig config = ServerConfig.read(settings);
        settings.refuseUnknown();
        settings.unknownVariables().ifPresent(log::warn);
        return config;
    }

    private static void flatten(String prefix, JsonObject json, Map<String, String> flat) {
        json.forEach(entry -> {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof JsonObject nested) {
                flatten(key + ".", nested, flat);
            } else if (entry.getValue() instanceof JsonArray list) {
                flat.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
            } else if (entry.getValue() != null) {
                flat.put(key, entry.getValue().toString());
            }
        });
    }
}

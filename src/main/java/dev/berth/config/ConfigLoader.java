package dev.berth.config;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    private static final String TEXT = "yaml";
    private static final String DEFAULT_FILE = "config/berth.yaml";
    private static final long HOUR_MILLIS = 3_600_000;
    /** A page that always moves takes a fifth of a core, and 130 MiB. */
    private static final int RECORDINGS_PER_CORE = 4;

    private ConfigLoader() {}

    /** Fails with {@link ConfigException} if a value is bad or a key is unknown. */
    public static Future<ServerConfig> load(Vertx vertx, Map<String, String> environment) {
        boolean named = environment.containsKey(FILE_VARIABLE);
        String file = file(environment).toString();
        ConfigStoreOptions yaml = new ConfigStoreOptions()
                .setType("file")
                .setFormat("raw")
                .setOptional(!named)
                .setConfig(new JsonObject().put("path", file).put("raw.key", TEXT));
        ConfigRetriever retriever = ConfigRetriever.create(vertx, new ConfigRetrieverOptions().addStore(yaml));
        return retriever
                .getConfig()
                .recover(e ->
                        Future.failedFuture(new ConfigException("config", file + " can't be read: " + e.getMessage())))
                .map(json -> read(parse(file, json.getString(TEXT, "")), environment))
                .eventually(retriever::close);
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

    /** Parses the file here, because the YAML reader of vertx-config fails on a file that has only comments. */
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
        Path dataDir = Path.of(settings.text("data-dir").orElse("data")).toAbsolutePath();
        ServerConfig.Http http = http(settings);
        ServerConfig config = new ServerConfig(
                http,
                dataDir,
                settings.text("api-key"),
                new ServerConfig.Postgres(settings.uri("postgres.uri"), settings.integer("postgres.pool-size", 16)),
                objectStore(settings),
                chrome(settings),
                sessions(settings),
                new ServerConfig.Disk(
                        settings.integer("session.disk-mib", 1_024),
                        settings.integer("disk.floor-mib", defaultFloorMib(dataDir))),
                recording(settings),
                ServerConfig.Bodies.redacting(settings.text("bodies.redact")),
                ai(settings),
                cluster(settings),
                ServerConfig.Egress.of(
                        settings.texts("egress.allow"),
                        settings.texts("egress.deny"),
                        settings.text("egress.block-list").map(Path::of),
                        http.reachedFromHereOnly()),
                retention(settings),
                ServerConfig.Profiles.of(
                        settings.texts("profile.key"),
                        settings.integer("profile.max-mib", 64),
                        settings.integer("profile.max-per-user", 100)),
                ServerConfig.Log.named(settings.text("log.format").orElse("text")));
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

    private static ServerConfig.Http http(Settings settings) {
        return new ServerConfig.Http(
                settings.text("http.host").orElse("127.0.0.1"),
                settings.integer("http.port", 8080),
                settings.uri("public-url"),
                Set.copyOf(settings.texts("http.cors-origins")),
                Set.copyOf(settings.texts("http.allowed-hosts")),
                ServerConfig.Http.Tls.of(
                        settings.text("http.tls.cert").map(Path::of),
                        settings.text("http.tls.key").map(Path::of)),
                settings.integer("http.max-body-bytes", 10 << 20),
                settings.integer("http.max-connections", 10_000));
    }

    private static ServerConfig.ObjectStore objectStore(Settings settings) {
        return new ServerConfig.ObjectStore(
                settings.uri("s3.endpoint"),
                settings.uri("s3.public-endpoint"),
                settings.text("s3.access-key").orElse(""),
                settings.text("s3.secret-key").orElse(""),
                settings.text("s3.bucket").orElse("berth"),
                settings.text("s3.region").orElse("us-east-1"),
                settings.integer("s3.presign-seconds", 900));
    }

    private static ServerConfig.Chrome chrome(Settings settings) {
        return new ServerConfig.Chrome(
                settings.text("chrome.path").map(Path::of),
                settings.flag("chrome.sandbox", true),
                settings.integer("chrome.first-uid", 61_000),
                settings.number("chrome.launch-timeout-millis", 30_000),
                settings.integer(
                        "chrome.parallel-launches", Runtime.getRuntime().availableProcessors()),
                settings.integer("chrome.max-memory-mib", 2_048),
                settings.integer("pool.size", 2));
    }

    private static ServerConfig.Sessions sessions(Settings settings) {
        int max = settings.integer("sessions.max", defaultMax());
        return new ServerConfig.Sessions(
                max,
                settings.integer("sessions.max-per-key", 1_000_000),
                settings.integer("sessions.queue-max", max),
                settings.number("sessions.queue-timeout-millis", 60_000),
                settings.number("sessions.idle-timeout-millis", 10 * 60_000),
                settings.number("sessions.lifetime-millis", HOUR_MILLIS),
                settings.number("sessions.reconnect-millis", 30_000),
                settings.number("sessions.max-lifetime-millis", 24 * HOUR_MILLIS),
                settings.decimal("price-per-hour", 0),
                settings.number("drain-seconds", 0),
                settings.integer("session.traffic-mib", 0));
    }

    private static ServerConfig.Recording recording(Settings settings) {
        return new ServerConfig.Recording(
                settings.text("ffmpeg.path").map(Path::of),
                settings.integer(
                        "recording.max",
                        RECORDINGS_PER_CORE * Runtime.getRuntime().availableProcessors()),
                settings.integer("recording.first-uid", 60_880),
                settings.integer("recording.max-mib", 512),
                settings.number("recording.max-millis", 4 * HOUR_MILLIS));
    }

    private static ServerConfig.Ai ai(Settings settings) {
        double priceInput = settings.decimal("ai.price-input", 0);
        return new ServerConfig.Ai(
                ServerConfig.Ai.Provider.named(settings.text("ai.provider").orElse("openai")),
                settings.uri("ai.base-url"),
                settings.text("ai.api-key"),
                settings.text("ai.model"),
                priceInput,
                settings.decimal("ai.price-cached-input", priceInput),
                settings.decimal("ai.price-output", 0),
                settings.decimal("ai.max-cost-usd", 1),
                settings.flag("ai.vision", false),
                settings.number("ai.timeout-millis", 60_000),
                settings.integer("ai.max-tasks", 16));
    }

    private static ServerConfig.Cluster cluster(Settings settings) {
        return new ServerConfig.Cluster(
                settings.text("cluster.host"),
                settings.integer("cluster.port", 7_800),
                settings.text("cluster.secret"));
    }

    private static ServerConfig.Retention retention(Settings settings) {
        return new ServerConfig.Retention(
                settings.integer("retention.days", 0),
                settings.integer("retention.recording-days", 0),
                settings.integer("retention.artifact-days", 0),
                settings.integer("retention.log-days", 0),
                settings.integer("retention.profile-days", 0),
                settings.integer("retention.sweep-seconds", 300),
                settings.integer("retention.check-hours", 24));
    }

    /** Default of {@code disk.floor-mib}: 2 GiB, but at most a twentieth of the disk. */
    private static int defaultFloorMib(Path dataDir) {
        Path there = dataDir;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        // Not by FileStore: it looks the mount up in a list of mounts, which is incomplete in some containers.
        return (int) Math.min(2_048, (there.toFile().getTotalSpace() >> 20) / 20);
    }

    /**
     * Default of {@code sessions.max}: 16 browsers per core, and 256 MiB of memory per browser after 1 GiB for
     * everything else.
     */
    private static int defaultMax() {
        int cores = Runtime.getRuntime().availableProcessors();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long byMemory = ((system.getTotalMemorySize() >> 20) - 1_024) / 256;
        return (int) Math.max(1, Math.min(16L * cores, byMemory));
    }
}

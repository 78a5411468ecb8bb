package dev.berth.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * All settings of a server, a record for each section, which has the keys, defaults and limits of its settings.
 *
 * @param dataDir folder with the embedded servers' data, the upload spool and this node's identity
 * @param apiKey an API key for the user {@code default}
 */
public record ServerConfig(
        HttpConfig http,
        Path dataDir,
        Optional<String> apiKey,
        PostgresConfig postgres,
        ObjectStoreConfig objectStore,
        ChromeConfig chrome,
        SessionsConfig sessions,
        DiskConfig disk,
        RecordingConfig recording,
        BodiesConfig bodies,
        AiConfig ai,
        ClusterConfig cluster,
        EgressConfig egress,
        RetentionConfig retention,
        ProfilesConfig profiles,
        LogConfig log,
        AccessConfig access,
        CdpConfig cdp) {

    /** Throws {@link ConfigException} where a setting is bad, or does not go with another. */
    static ServerConfig read(Settings settings) {
        HttpConfig http = HttpConfig.read(settings);
        Path dataDir = settings.path("data-dir").orElse(Path.of("data")).toAbsolutePath();
        return new ServerConfig(
                http,
                dataDir,
                settings.text("api-key"),
                PostgresConfig.read(settings),
                ObjectStoreConfig.read(settings),
                ChromeConfig.read(settings),
                SessionsConfig.read(settings),
                DiskConfig.read(settings, dataDir),
                RecordingConfig.read(settings),
                BodiesConfig.read(settings),
                AiConfig.read(settings),
                ClusterConfig.read(settings),
                EgressConfig.read(settings, http.reachedFromHereOnly()),
                RetentionConfig.read(settings),
                ProfilesConfig.read(settings),
                LogConfig.read(settings),
                AccessConfig.read(settings),
                CdpConfig.read(settings));
    }

    public ServerConfig {
        dataDir = dataDir.toAbsolutePath().normalize();
        if (!http.loopback() && apiKey.isEmpty()) {
            throw new ConfigException("http.host", "is not a loopback address, so api-key must be set too");
        }
        if (apiKey.isPresent() && apiKey.get().length() < 16) {
            throw new ConfigException("api-key", "must have at least 16 characters");
        }
        if (cluster.enabled()
                && (postgres.uri().isEmpty() || objectStore.endpoint().isEmpty())) {
            throw new ConfigException(
                    "cluster.host",
                    "makes this a cluster node, and all nodes share one Postgres and one object store: set postgres.uri"
                            + " and s3.endpoint too (the command 'services' starts both, for a cluster on one machine)");
        }
    }

    /** A copy with the addresses of the servers that were started for it. */
    public ServerConfig withServers(PostgresConfig newPostgres, ObjectStoreConfig newObjectStore) {
        return new ServerConfig(
                http,
                dataDir,
                apiKey,
                newPostgres,
                newObjectStore,
                chrome,
                sessions,
                disk,
                recording,
                bodies,
                ai,
                cluster,
                egress,
                retention,
                profiles,
                log,
                access,
                cdp);
    }
}

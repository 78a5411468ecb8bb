package dev.berth.config;

import java.net.URI;
import java.util.Optional;

/**
 * The database.
 *
 * @param uri {@code postgresql://user:password@host:port/database}; empty for the embedded one
 * @param poolSize maximum number of connections
 */
public record PostgresConfig(Optional<URI> uri, int poolSize) {
    static PostgresConfig read(Settings settings) {
        return new PostgresConfig(settings.uri("postgres.uri"), settings.integer("postgres.pool-size", 16, 1, 1_000));
    }

    public PostgresConfig {
        uri.ifPresent(PostgresConfig::requirePostgres);
    }

    private static void requirePostgres(URI uri) {
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!known
                || uri.getHost() == null
                || uri.getPath() == null
                || uri.getPath().length() < 2) {
            throw new ConfigException("postgres.uri", "must look like postgresql://user:password@host:5432/database");
        }
    }
}

package dev.berth.node;

import dev.berth.access.KeyRepository;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Creates the first API key, which is also written to the data directory for its owner.
 */
public final class ApiKeys {
    public static final String DEFAULT_USER = "default";

    private final Vertx vertx;
    private final KeyRepository keys;
    private final Path dataDir;

    public ApiKeys(Vertx vertx, KeyRepository keys, Path dataDir) {
        this.vertx = vertx;
        this.keys = keys;
        this.dataDir = dataDir;
    }

    /**
     * How a user gets an API key.
     *
     * @param made the key that this start created
     * @param inFile whether the data directory has a valid key
     */
    public record First(Optional<String> made, boolean inFile) {
        public static final First CONFIGURED = new First(Optional.empty(), false);
    }

    /**
     * Creates the first key if there are no keys. The file is written before the key becomes valid, so that no kill in
     * between loses it.
     */
    public Future<First> first() {
        return kept().compose(kept -> keys.hasKeys().compose(has -> {
            if (has) {
                return isGood(kept).map(good -> new First(Optional.empty(), good));
            }
            String key = kept.orElseGet(KeyRepository::random);
            return keep(key).compose(done -> add(key)).map(done -> new First(Optional.of(key), true));
        }));
    }

    private Future<Optional<String>> kept() {
        return vertx.executeBlocking(() -> DataDir.firstKey(dataDir), false);
    }

    private Future<Boolean> isGood(Optional<String> key) {
        return key.map(text -> keys.find(KeyRepository.hash(text)).map(Optional::isPresent))
                .orElseGet(() -> Future.succeededFuture(false));
    }

    private Future<Void> keep(String key) {
        return vertx.executeBlocking(
                () -> {
                    DataDir.writeFirstKey(dataDir, key);
                    return null;
                },
                false);
    }

    /** Adds {@code key} as the key of an admin, of the default user. */
    public Future<Void> add(String key) {
        return keys.add(DEFAULT_USER, "", true, key);
    }
}

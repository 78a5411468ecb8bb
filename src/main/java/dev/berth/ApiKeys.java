package dev.berth;

import dev.berth.history.KeyRepository;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The first key: configured, or made at the first start. */
final class ApiKeys {
    private static final String DEFAULT_USER = "default";
    private static final int KEY_BYTES = 24;

    private ApiKeys() {}

    /** Sees to it that there is a key; gives the one that was made, which is shown this once. */
    static Future<Optional<String>> bootstrap(KeyRepository keys, Optional<String> configured) {
        if (configured.isPresent()) {
            return keys.add(DEFAULT_USER, configured.get()).map(Optional.empty());
        }
        return keys.hasKeys().compose(has -> has ? Future.succeededFuture(Optional.empty()) : make(keys));
    }

    private static Future<Optional<String>> make(KeyRepository keys) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "berth_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return keys.add(DEFAULT_USER, key).map(Optional.of(key));
    }
}

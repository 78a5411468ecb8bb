package dev.berth.access;

import java.time.Instant;
import java.util.Optional;

/**
 * An API key, without the key itself.
 *
 * @param keyId identifies the key in public places
 * @param admin whether it may do what concerns the whole server, such as draining it
 * @param expiresAt when it ends by itself
 */
public record ApiKey(long keyId, long userId, boolean admin, Optional<Instant> expiresAt, KeyLimits limits) {
    /** A key that neither expires nor has limits. */
    public ApiKey(long keyId, long userId, boolean admin) {
        this(keyId, userId, admin, Optional.empty(), KeyLimits.NONE);
    }

    /** The rights of a token made by this key: never those of an admin. */
    public ApiKey withoutAdmin() {
        return new ApiKey(keyId, userId, false, expiresAt, limits);
    }

    public Instant validUntil() {
        return expiresAt.orElse(Instant.MAX);
    }
}

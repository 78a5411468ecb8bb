package dev.berth.access;

import java.time.Instant;
import java.util.Optional;

/**
 * An API key, without the key itself.
 *
 * @param keyId identifies the key in public places
 * @param user the name of its user
 * @param name of the key, which tells people what the key is for; may be empty
 * @param expiresAt when it ends by itself
 */
public record ApiKey(
        long keyId, long userId, String user, String name, Role role, Optional<Instant> expiresAt, KeyLimits limits) {
    /** A key without names that neither expires nor has limits. */
    public ApiKey(long keyId, long userId, boolean admin) {
        this(keyId, userId, "", "", admin ? Role.ADMIN : Role.USER, Optional.empty(), KeyLimits.NONE);
    }

    /** Whether it may do what concerns the whole server, such as draining it. */
    public boolean admin() {
        return role == Role.ADMIN;
    }

    /** Whether it may do more than read. */
    public boolean acts() {
        return role != Role.VIEWER;
    }

    /** The rights of a token made by this key: never those of an admin. */
    public ApiKey withoutAdmin() {
        return admin() ? new ApiKey(keyId, userId, user, name, Role.USER, expiresAt, limits) : this;
    }

    public Instant validUntil() {
        return expiresAt.orElse(Instant.MAX);
    }
}

package dev.berth.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.database.Sql;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/**
 * An API key as admins see it, without the key itself.
 *
 * @param name tells people what the key is for
 */
@JsonInclude(Include.NON_ABSENT)
public record ListedKey(
        long keyId,
        String user,
        String name,
        Role role,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        KeyLimits limits) {
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    static ListedKey of(Row row) {
        return new ListedKey(
                row.getLong("key_id"),
                row.getString("user_name"),
                row.getString("name"),
                Role.of(row),
                Sql.instant(row, "created_at"),
                Sql.optionalInstant(row, "expires_at"),
                Sql.optionalInstant(row, "last_used_at"),
                KeyLimits.of(row.getJsonObject("limits")));
    }

    /** Throws where a key can't be made to expire then. */
    static void checkExpiry(Optional<Instant> expiresAt) {
        if (expiresAt
                .filter(at -> !at.isAfter(Instant.now()) || !at.isBefore(LATEST))
                .isPresent()) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, "expiresAt: must be in the future, and before the year 10000");
        }
    }

    /** Whether the role is that of an admin. */
    @JsonProperty
    public boolean admin() {
        return role == Role.ADMIN;
    }

    public ListedKey named(String newName) {
        UserAdministration.checkText("name", newName);
        return new ListedKey(keyId, user, newName, role, createdAt, expiresAt, lastUsedAt, limits);
    }

    public ListedKey expiring(Optional<Instant> at) {
        checkExpiry(at);
        return new ListedKey(keyId, user, name, role, createdAt, at, lastUsedAt, limits);
    }

    public ListedKey limited(KeyLimits to) {
        return new ListedKey(keyId, user, name, role, createdAt, expiresAt, lastUsedAt, to);
    }

    /** Whether the key is an admin's and never expires: one such key must remain. */
    boolean keepsTheDoorOpen() {
        return admin() && expiresAt.isEmpty();
    }
}

package dev.berth.access;

import com.fasterxml.jackson.annotation.JsonValue;
import io.vertx.sqlclient.Row;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The rights of an API key. */
public enum Role {
    /** Makes, drives and reads its user's sessions. */
    USER,
    /** The same, and what concerns the whole server. */
    ADMIN,
    /** Reads its user's sessions and watches them, and does nothing else. */
    VIEWER;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role whose {@link #wireName()} is {@code text}. */
    public static Optional<Role> parse(String text) {
        return Stream.of(values()).filter(role -> role.wireName().equals(text)).findFirst();
    }

    /** The role in a row of a key. */
    static Role of(Row row) {
        if (row.getBoolean("admin")) {
            return ADMIN;
        }
        return row.getBoolean("viewer") ? VIEWER : USER;
    }
}

package dev.berth.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Values of Berth as parameters and as columns of Postgres. */
public final class Sql {
    /**
     * SQLSTATE classes of errors in the data itself: data, integrity, size. All others concern Postgres, for example a
     * wrong password or a missing table, and an operator can fix them.
     */
    private static final Set<String> REFUSING = Set.of("22", "23", "54");

    private static final int MAX_CHARS = 16_384;

    /** Only cloned, never updated: a provider lookup took a tenth of the time of a typical request. */
    private static final MessageDigest SHA_256 = digest();

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Sql() {}

    /** The parameters of a statement: an empty {@code Optional} is null, an {@code Instant} a time in UTC, an id its text. */
    public static Tuple tuple(Object... values) {
        Tuple tuple = Tuple.tuple();
        for (Object value : values) {
            tuple.addValue(value(value));
        }
        return tuple;
    }

    private static Object value(Object value) {
        if (value instanceof Optional<?> optional) {
            return value(optional.orElse(null));
        } else if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        } else if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        } else if (value instanceof SessionId id) {
            return id.value();
        } else if (value instanceof TaskId id) {
            return id.value();
        }
        return value;
    }

    /** An array of texts. Of type {@code Object}, because a method with any number of parameters would take an array for all of them. */
    public static Object texts(Collection<?> values) {
        return values.stream().map(Sql::value).toArray(String[]::new);
    }

    /** As {@link #texts}. */
    public static Object longs(Collection<Long> values) {
        return values.toArray(Long[]::new);
    }

    /** Postgres's {@code text} can't contain NUL, and no page needs a longer title or URL. */
    public static String clean(String text) {
        return Truncation.cut(withoutNul(text), MAX_CHARS);
    }

    public static String withoutNul(String text) {
        return text.replace("\0", "");
    }

    public static JsonObject json(Object value) {
        return new JsonObject(text(value));
    }

    /** The value's JSON. */
    public static String text(Object value) {
        try {
            return ProtocolJson.MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a protocol value has no JSON form", e);
        }
    }

    public static <T> T parse(JsonObject json, TypeReference<T> type) {
        return parse(json.encode(), type);
    }

    public static <T> T parse(String json, TypeReference<T> type) {
        try {
            return ProtocolJson.MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row is not readable", e);
        }
    }

    public static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    public static Optional<Instant> optionalInstant(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }

    public static Optional<String> optional(Row row, String column) {
        return Optional.ofNullable(row.getString(column));
    }

    /** The SHA-256 of a text in UTF-8. */
    public static byte[] sha256(String text) {
        try {
            return ((MessageDigest) SHA_256.clone()).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", e);
        }
    }

    /** Whether Postgres refused the data itself, so that a retry would fail too. */
    public static boolean isRefusal(Throwable failure) {
        boolean hasNoForm = failure instanceof IllegalArgumentException
                || failure instanceof ClassCastException
                || failure instanceof ArithmeticException
                || failure instanceof DateTimeException;
        return hasNoForm
                || state(failure)
                        .map(state -> REFUSING.contains(state.substring(0, 2)))
                        .orElse(false);
    }

    /** The SQLSTATE with which Postgres refused, in a failure or its causes. */
    private static Optional<String> state(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof PgException known) {
                return Optional.ofNullable(known.getSqlState()).filter(state -> state.length() == 5);
            }
        }
        return Optional.empty();
    }
}

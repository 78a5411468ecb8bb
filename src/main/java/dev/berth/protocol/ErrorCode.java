package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * All refusals and failures of Berth, as data. The number travels on the bus, since exception classes do not cross nodes; the
 * name stands in HTTP responses.
 */
public enum ErrorCode {
    /** The request is malformed; the message names the field. */
    INVALID_ARGUMENT(4000, false),
    /** No key, or an unknown one. */
    UNAUTHENTICATED(4010, false),
    /** The key does not allow this. */
    FORBIDDEN(4030, false),
    /** The user has no session with this id. */
    SESSION_NOT_FOUND(4040, false),
    /** The path or object does not exist. */
    NOT_FOUND(4041, false),
    /** The path does not have this method. */
    METHOD_NOT_ALLOWED(4050, false),
    /** The session is not running yet. */
    SESSION_NOT_RUNNING(4090, true),
    /** The request contradicts an earlier one. */
    CONFLICT(4091, false),
    /** The session has ended; the message says why. */
    SESSION_ENDED(4100, false),
    /** The body exceeds the size limit. */
    PAYLOAD_TOO_LARGE(4130, false),
    /** The body is not JSON. */
    UNSUPPORTED_MEDIA_TYPE(4150, false),
    /** The browser could not do it: the script threw, the navigation was refused, ... */
    ACTION_FAILED(4220, false),
    /** The request needs a model, and none is configured. */
    AI_NOT_CONFIGURED(4221, false),
    /** A limit of the user, the API key, the session or the node is reached; the message says which. */
    LIMIT_REACHED(4290, true),
    /** A fault of the server. */
    INTERNAL(5000, true),
    /** Chrome, Postgres or the object store failed. */
    UPSTREAM(5020, true),
    /** The act was done, but could not be recorded. */
    NOT_RECORDED(5021, false),
    /** The deployment has no room for another session now. */
    CAPACITY(5030, true),
    /** The server, or the session's node, is not ready yet. */
    NOT_READY(5031, true),
    /** Postgres or the object store is not available; the message says which. */
    UNAVAILABLE(5032, true),
    /** The work did not finish within its timeout. */
    TIMEOUT(5040, true);

    private final int number;
    private final boolean retryable;

    ErrorCode(int number, boolean retryable) {
        this.number = number;
        this.retryable = retryable;
    }

    /** The failure code on the event bus. It never changes. */
    public int number() {
        return number;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether {@code failure} has this code. */
    public boolean isOf(Throwable failure) {
        return failure instanceof BerthException known && known.code() == this;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The code with this number; {@link #INTERNAL} for a number that this version does not know. */
    public static ErrorCode ofNumber(int number) {
        return Stream.of(values()).filter(c -> c.number == number).findFirst().orElse(INTERNAL);
    }
}

package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The place of a request in somebody's trace, as the header {@code traceparent} of W3C Trace Context says it.
 *
 * @param value for example {@code 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01}
 */
public record Traceparent(@JsonValue String value) {
    /** The header with it. */
    public static final String HEADER = "traceparent";

    /** Neither the version ff, nor ids of zeros alone. */
    private static final Pattern SOUND =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Traceparent {
        if (!SOUND.matcher(Require.present(HEADER, value)).matches()) {
            throw BerthException.invalid(
                    "traceparent must have a version, a trace id, a parent id and flags, all in lower-case hex");
        }
    }

    /** The one that {@code text} is; empty where it is none, which a receiver ignores. */
    public static Optional<Traceparent> parse(String text) {
        return SOUND.matcher(text).matches() ? Optional.of(new Traceparent(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Identifies one session in the whole deployment, for ever: {@code session-} and a random UUID.
 *
 * @param value the text form in URLs and on the bus
 */
public record SessionId(@JsonValue String value) {
    private static final Pattern SHAPE =
            Pattern.compile("session-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SessionId {
        if (!SHAPE.matcher(Require.present("sessionId", value)).matches()) {
            throw Require.invalid("sessionId must be 'session-' and a UUID in lower case");
        }
    }

    /** A new random id. */
    public static SessionId random() {
        return new SessionId("session-" + UUID.randomUUID());
    }

    /** The id that {@code text} spells; empty where it is none. */
    public static Optional<SessionId> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new SessionId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}

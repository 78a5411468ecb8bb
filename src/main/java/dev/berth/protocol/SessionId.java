package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;

/**
 * Identifies one session in the whole deployment, for ever: {@code session-} and a random UUID.
 *
 * @param value the text form in URLs and on the bus
 */
public record SessionId(@JsonValue String value) {
    private static final String PREFIX = "session-";
    /** A zero stands for a digit. */
    private static final String SHAPE = PREFIX + "00000000-0000-0000-0000-000000000000";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SessionId {
        if (!isSound(Require.present("sessionId", value))) {
            throw BerthException.invalid("sessionId must be 'session-' and a UUID in lower case");
        }
    }

    /** A new random id. */
    public static SessionId random() {
        return new SessionId("session-" + UUID.randomUUID());
    }

    /** The id that {@code text} spells; empty where it is none. */
    public static Optional<SessionId> parse(String text) {
        return isSound(text) ? Optional.of(new SessionId(text)) : Optional.empty();
    }

    /** Without a regular expression, which took every request for a session a twentieth of its time. */
    private static boolean isSound(String text) {
        if (text.length() != SHAPE.length() || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
            if (SHAPE.charAt(i) == '0' ? !digit : c != '-') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.berth.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What Chrome tells a client of a session that it attached to a target, or detached, read from the first bytes of its message.
 *
 * @param sessionId the new session, or that which is no more
 * @param targetId empty where Chrome does not tell it
 * @param type of the target: Chrome's name, such as {@code page}
 * @param parent the session that is told; empty where that is the client's own, or is not within the bytes
 */
record TargetEvent(boolean attached, String sessionId, String targetId, String type, String parent) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final byte[] ATTACHED = ascii("{\"method\":\"Target.attachedToTarget\"");
    private static final byte[] DETACHED = ascii("{\"method\":\"Target.detachedFromTarget\"");

    /** Fewer bytes do not tell whether it is one of these. */
    static final int DECISIVE_BYTES = ascii("{\"method\":\"Target.at").length;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether what begins so may be one. */
    static boolean mayBegin(byte[] head, int length) {
        return length >= DECISIVE_BYTES
                && (matches(head, ATTACHED, DECISIVE_BYTES) || matches(head, DETACHED, DECISIVE_BYTES));
    }

    private static boolean matches(byte[] head, byte[] start, int length) {
        return Arrays.equals(head, 0, length, start, 0, length);
    }

    /** Empty where it is something else. */
    static Optional<TargetEvent> parse(byte[] head, int length) {
        boolean attached = length >= ATTACHED.length && matches(head, ATTACHED, ATTACHED.length);
        if (!attached && (length < DETACHED.length || !matches(head, DETACHED, DETACHED.length))) {
            return Optional.empty();
        }
        Reader reader = new Reader();
        try (JsonParser json = JSON.createParser(head, 0, length)) {
            reader.read(json);
        } catch (IOException e) {
            // Cut off: a page's URL can be long.
        }
        return reader.session.isEmpty()
                ? Optional.empty()
                : Optional.of(new TargetEvent(attached, reader.session, reader.target, reader.type, reader.parent));
    }

    /** Names are those of Chrome's own messages. */
    private static final class Reader {
        String session = "";
        String target = "";
        String type = "";
        String parent = "";

        void read(JsonParser json) throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "params" -> params(json);
                    case "sessionId" -> parent = json.getText();
                    default -> json.skipChildren();
                }
            }
        }

        private void params(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "sessionId" -> session = json.getText();
                    case "targetId" -> target = json.getText();
                    case "type" -> type = json.getText();
                    case "targetInfo" -> params(json);
                    default -> json.skipChildren();
                }
            }
        }
    }
}

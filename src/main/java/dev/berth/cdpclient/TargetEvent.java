package dev.berth.cdpclient;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Chrome's event to a client that it attached to a target, or detached, read from the first bytes of the message.
 *
 * @param sessionId the CDP session that began or ended
 * @param targetId empty where Chrome does not send it
 * @param type Chrome's name of the target's type, such as {@code page}
 * @param parent the CDP session that gets the event; empty where that is the client's own, or it is not within the bytes
 */
record TargetEvent(boolean attached, String sessionId, String targetId, String type, String parent) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final byte[] ATTACHED = ascii("{\"method\":\"Target.attachedToTarget\"");
    private static final byte[] DETACHED = ascii("{\"method\":\"Target.detachedFromTarget\"");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean begins(byte[] head, int length, byte[] with) {
        return length >= with.length && Arrays.equals(head, 0, with.length, with, 0, with.length);
    }

    /** Empty for any other message. */
    static Optional<TargetEvent> parse(byte[] head, int length) {
        boolean attached = begins(head, length, ATTACHED);
        if (!attached && !begins(head, length, DETACHED)) {
            return Optional.empty();
        }
        Reader reader = new Reader();
        try (JsonParser json = JSON.createParser(head, 0, length)) {
            reader.read(json);
        } catch (IOException e) {
            // Cut off: the URL of a page can be long.
        }
        return reader.session.isEmpty()
                ? Optional.empty()
                : Optional.of(new TargetEvent(attached, reader.session, reader.target, reader.type, reader.parent));
    }

    /** The names are those in Chrome's messages. */
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

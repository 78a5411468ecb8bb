package dev.berth.browser.cdp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Chrome's event to a session that another one was attached below it, or detached.
 *
 * @param sessionId the session that began or ended
 * @param targetId empty where Chrome does not tell it, or not within the bytes that were read
 * @param type Chrome's name of the target's type, such as {@code page}; empty as the target's id
 * @param parent the session that gets the event; empty where that is the party's own, or not within the bytes
 */
public record Attachment(boolean attached, String sessionId, String targetId, String type, String parent) {
    private static final byte[] ATTACHED = ascii("{\"method\":\"Target.attachedToTarget\"");
    private static final byte[] DETACHED = ascii("{\"method\":\"Target.detachedFromTarget\"");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty where the message is something else. It may be cut off behind its first half a thousand bytes. */
    public static Optional<Attachment> parse(byte[] message, int from, int to) {
        boolean attached = MessageHead.startsWith(message, from, to, ATTACHED);
        if (!attached && !MessageHead.startsWith(message, from, to, DETACHED)) {
            return Optional.empty();
        }
        Reader reader = new Reader();
        try (JsonParser json = CdpConnection.JSON.createParser(message, from, to - from)) {
            reader.read(json);
        } catch (IOException e) {
            // Cut off: a page's address can be long.
        }
        return reader.session.isEmpty()
                ? Optional.empty()
                : Optional.of(new Attachment(attached, reader.session, reader.target, reader.type, reader.parent));
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

package dev.berth.browser.cdp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What Chrome tells a session of another that it attached below it, or detached.
 *
 * @param sessionId the other one
 * @param targetId empty where Chrome does not tell it, or not within the bytes that were read
 */
record Attachment(boolean attached, String sessionId, String targetId) {
    private static final byte[] ATTACHED = ascii("{\"method\":\"Target.attachedToTarget\"");
    private static final byte[] DETACHED = ascii("{\"method\":\"Target.detachedFromTarget\"");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty where the message is something else. It may be cut off behind its first half a thousand bytes. */
    static Optional<Attachment> parse(byte[] message, int from, int to) {
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
                : Optional.of(new Attachment(attached, reader.session, reader.target));
    }

    /** Names are those of Chrome's own messages. */
    private static final class Reader {
        String session = "";
        String target = "";

        void read(JsonParser json) throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("params")) {
                    params(json);
                } else {
                    json.skipChildren();
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
                    case "targetInfo" -> params(json);
                    default -> json.skipChildren();
                }
            }
        }
    }
}

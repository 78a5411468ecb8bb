package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Chrome's reply to a command, read from the first bytes of its message.
 *
 * @param error Chrome's message, where it failed
 * @param errorText in a result: why a navigation failed
 * @param targetId in a result: the target that was created
 */
public record CdpReply(long id, Optional<String> error, Optional<String> errorText, Optional<String> targetId) {
    CdpReply(long id, Optional<String> error, Optional<String> errorText) {
        this(id, error, errorText, Optional.empty());
    }

    private static final JsonFactory JSON = JsonFactory.builder()
            // Otherwise every name that a page makes up stays in memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final byte[] START = {'{', '"', 'i', 'd', '"', ':'};

    /** The id of the command that this message replies to; empty for an event. */
    public static OptionalLong id(byte[] head, int length) {
        for (int i = 0; i < START.length; i++) {
            if (i >= length || head[i] != START[i]) {
                return OptionalLong.empty();
            }
        }
        long id = 0;
        int at = START.length;
        while (at < length && head[at] >= '0' && head[at] <= '9') {
            id = id * 10 + head[at++] - '0';
        }
        return at > START.length ? OptionalLong.of(id) : OptionalLong.empty();
    }

    /** Parses a message that {@link #id} recognised as a reply. It may be cut off. */
    public static CdpReply parse(long id, byte[] head, int length) {
        Reader reader = new Reader();
        try (JsonParser json = JSON.createParser(head, 0, length)) {
            reader.read(json);
        } catch (IOException e) {
            // Cut off, which does no harm in a result.
        }
        Optional<String> error = reader.failed
                ? Optional.of(reader.texts.getOrDefault("message", "the browser refused"))
                : Optional.empty();
        return new CdpReply(id, error, reader.text("errorText"), reader.text("targetId"));
    }

    /** The names are those in Chrome's messages. */
    private static final class Reader {
        final Map<String, String> texts = new HashMap<>();
        boolean failed;

        Optional<String> text(String name) {
            return Optional.ofNullable(texts.get(name));
        }

        void read(JsonParser json) throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                failed |= name.equals("error");
                if (name.equals("error") || name.equals("result")) {
                    fields(json);
                } else {
                    json.skipChildren();
                }
            }
        }

        private void fields(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "message", "errorText", "targetId" -> texts.put(name, json.getText());
                    default -> json.skipChildren();
                }
            }
        }
    }
}

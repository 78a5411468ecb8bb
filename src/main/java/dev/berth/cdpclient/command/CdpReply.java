package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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
        boolean failed = false;
        try (JsonParser json = JSON.createParser(head, 0, length)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                failed = name.equals("error");
                if (failed) {
                    return failure(id, field(json, "message"));
                } else if (name.equals("result")) {
                    return result(id, json);
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            // Cut off, which does no harm in a result.
        }
        return failed ? failure(id, Optional.empty()) : new CdpReply(id, Optional.empty(), Optional.empty());
    }

    private static CdpReply result(long id, JsonParser json) throws IOException {
        Optional<String> errorText = Optional.empty();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("targetId")) {
                return new CdpReply(id, Optional.empty(), errorText, Optional.of(json.getText()));
            } else if (name.equals("errorText")) {
                errorText = Optional.of(json.getText());
            }
            json.skipChildren();
        }
        return new CdpReply(id, Optional.empty(), errorText);
    }

    private static CdpReply failure(long id, Optional<String> message) {
        return new CdpReply(id, message.or(() -> Optional.of("the browser refused")), Optional.empty());
    }

    private static Optional<String> field(JsonParser json, String wanted) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals(wanted)) {
                return Optional.of(json.getText());
            }
            json.skipChildren();
        }
        return Optional.empty();
    }
}

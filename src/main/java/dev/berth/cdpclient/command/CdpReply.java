package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.browser.cdp.CdpConnection;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chrome's reply to a command, read from the first bytes of its message.
 *
 * @param error Chrome's message, where it failed
 * @param errorText in a result: why a navigation failed
 * @param targetId in a result: the target that was created
 */
public record CdpReply(long id, Optional<String> error, Optional<String> errorText, Optional<String> targetId) {
    private static final Set<String> OBJECTS = Set.of("error", "result");

    CdpReply(long id, Optional<String> error, Optional<String> errorText) {
        this(id, error, errorText, Optional.empty());
    }

    /** Parses the reply to this command. It may be cut off. */
    public static CdpReply parse(long id, byte[] head, int length) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser json = CdpConnection.JSON.createParser(head, 0, length)) {
            json.nextToken();
            read(json, "", texts);
        } catch (IOException e) {
            // Cut off: a result can be long.
        }
        Optional<String> failed = Optional.ofNullable(texts.get("error"));
        return new CdpReply(
                id,
                failed.map(any -> texts.getOrDefault("error.message", "the browser refused")),
                Optional.ofNullable(texts.get("result.errorText")),
                Optional.ofNullable(texts.get("result.targetId")));
    }

    /** Puts the texts by their paths, such as {@code result.targetId}; an object that began has an empty text. */
    private static void read(JsonParser json, String path, Map<String, String> texts) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = path + json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
            } else if (value == JsonToken.START_OBJECT && OBJECTS.contains(name)) {
                texts.put(name, "");
                read(json, name + ".", texts);
            } else {
                json.skipChildren();
            }
        }
    }
}

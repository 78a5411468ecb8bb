package dev.berth.cdpclient.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The texts in the first bytes of a message from Chrome, by their paths, such as {@code params.sessionId}. */
public final class HeadTexts {
    private static final JsonFactory JSON = JsonFactory.builder()
            // Otherwise every name that a page makes up stays in memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final Set<String> OBJECTS = Set.of("error", "params", "params.targetInfo", "result");

    private final Map<String, String> texts = new HashMap<>();

    private HeadTexts() {}

    public static HeadTexts of(byte[] head, int length) {
        HeadTexts read = new HeadTexts();
        try (JsonParser json = JSON.createParser(head, 0, length)) {
            json.nextToken();
            read.object(json, "");
        } catch (IOException e) {
            // Cut off: the URL of a page can be long.
        }
        return read;
    }

    private void object(JsonParser json, String path) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = path + json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
            } else if (value == JsonToken.START_OBJECT && OBJECTS.contains(name)) {
                texts.put(name, "");
                object(json, name + ".");
            } else {
                json.skipChildren();
            }
        }
    }

    /** Empty where there is no such text, or it is cut off; an object that began has an empty text. */
    public Optional<String> find(String path) {
        return Optional.ofNullable(texts.get(path));
    }
}

package dev.berth.relay.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The expected result of {@link CommandScan}, found with Jackson in the simplest way. */
record ReadCommand(String id, String method, String session, boolean others, boolean emptySession) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern TOKEN =
            Pattern.compile("\"(\\\\.|[^\\\\\"])*\"|[-+.0-9eE]+|[a-z]+|[\\[{]", Pattern.DOTALL);
    private static final Set<String> OWN = Set.of("id", "method", "params", "sessionId");

    /** Empty for a faulty message. */
    static Optional<ReadCommand> of(String message) {
        Map<String, String> top = new HashMap<>();
        boolean unusual = false;
        try (JsonParser json = JSON.createParser(message)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                unusual |= raw(message, json).contains("\\");
                json.nextToken();
                String value = raw(message, json);
                json.skipChildren();
                unusual |= top.put(name, value) != null && OWN.contains(name);
            }
            if (json.nextToken() != null) {
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return unusual || !isPlain(top.get("method")) || !isPlain(top.get("sessionId"))
                ? Optional.empty()
                : Optional.of(read(top));
    }

    private static ReadCommand read(Map<String, String> top) {
        String id = top.getOrDefault("id", "");
        return new ReadCommand(
                id.matches("[-0-9].*") ? id : "",
                unquoted(top.get("method")),
                unquoted(top.get("sessionId")),
                !OWN.containsAll(top.keySet()),
                "\"\"".equals(top.get("sessionId")));
    }

    private static String raw(String message, JsonParser json) {
        Matcher token =
                TOKEN.matcher(message).region((int) json.currentTokenLocation().getCharOffset(), message.length());
        return token.lookingAt() ? token.group() : "";
    }

    private static boolean isPlain(String raw) {
        return raw == null || raw.startsWith("\"") && !raw.contains("\\") && raw.length() <= 102;
    }

    private static String unquoted(String raw) {
        return raw == null ? "" : raw.substring(1, raw.length() - 1);
    }
}

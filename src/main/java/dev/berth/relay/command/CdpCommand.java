package dev.berth.relay.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A client's command, with the fields that policy and action log look at.
 *
 * @param params those that are a text, a number, a boolean or a list of texts
 */
public record CdpCommand(OptionalLong id, String method, Optional<String> sessionId, Map<String, Object> params) {
    /** No real client sends more. */
    private static final int MAX_KEYS = 200;

    private static final int MAX_TEXTS = 10_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            // The table of names pays off only where names repeat.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    public CdpCommand {
        // Not Map.copyOf: it compares each key with all that collide, and a client can choose colliding keys.
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** A message that Chrome would refuse, or might read in another way. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    Optional<String> text(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    Optional<Number> number(String param) {
        return Optional.ofNullable(params.get(param))
                .filter(Number.class::isInstance)
                .map(Number.class::cast);
    }

    /** The texts of a list parameter; empty where it is no list. */
    List<String> texts(String param) {
        return params.get(param) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    public static CdpCommand parse(byte[] message, int length) throws Malformed {
        try (JsonParser json = JSON.createParser(message, 0, length)) {
            return new Reader(json).read();
        } catch (IOException e) {
            throw new Malformed("the message is not valid JSON");
        }
    }

    /** A command whose parameters are not read. */
    public static CdpCommand unread(CommandScan scan) {
        return new CdpCommand(
                id(Double.parseDouble(scan.id())),
                scan.method(),
                Optional.of(scan.session()).filter(session -> !session.isEmpty()),
                Map.of());
    }

    /** As Chrome reads it: other numbers are no ids. */
    private static OptionalLong id(double number) {
        return number == (int) number ? OptionalLong.of((int) number) : OptionalLong.empty();
    }

    /** Keys may come in any order, but those that count must not repeat: it is unknown which of the two Chrome would take. */
    private static final class Reader {
        private final JsonParser json;
        private final Map<String, Object> params = new LinkedHashMap<>();
        private final Map<String, Object> top = new LinkedHashMap<>();

        Reader(JsonParser json) {
            this.json = json;
        }

        CdpCommand read() throws IOException, Malformed {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed("the message is not an object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                readTop(json.currentName());
            }
            if (json.nextToken() != null) {
                throw new Malformed("the message does not end where its object ends");
            }
            return new CdpCommand(
                    top.get("id") instanceof Number id ? id(id.doubleValue()) : OptionalLong.empty(),
                    top.get("method") instanceof String method ? method : "",
                    top.get("sessionId") instanceof String session ? Optional.of(session) : Optional.empty(),
                    params);
        }

        private void readTop(String name) throws IOException, Malformed {
            json.nextToken();
            if (!name.equals("params")) {
                put(top, name, value());
                return;
            }
            put(top, name, true);
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String param = json.currentName();
                json.nextToken();
                put(params, param, param.equals("data") ? files() : value());
            }
        }

        private static void put(Map<String, Object> values, String name, Object value) throws Malformed {
            if (values.size() == MAX_KEYS) {
                throw new Malformed("there are too many parameters");
            }
            if (values.putIfAbsent(name, value) != null) {
                throw new Malformed("a key is duplicated");
            }
        }

        private Object value() throws IOException, Malformed {
            return switch (json.currentToken()) {
                case VALUE_STRING -> json.getText();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
                case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
                case START_ARRAY -> texts();
                default -> {
                    json.skipChildren();
                    yield Map.of();
                }
            };
        }

        private List<String> texts() throws IOException, Malformed {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (texts.size() == MAX_TEXTS) {
                    throw new Malformed("a list is too long");
                } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                    texts.add(json.getText());
                } else {
                    json.skipChildren();
                }
            }
            return List.copyOf(texts);
        }

        /** The files of a drag. */
        private Object files() throws IOException, Malformed {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                return value();
            }
            Map<String, Object> data = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                put(data, name, value());
            }
            return data.getOrDefault("files", List.of());
        }
    }
}

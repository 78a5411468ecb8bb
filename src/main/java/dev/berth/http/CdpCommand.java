package dev.berth.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A command of a client, as far as policy and action log look at it.
 *
 * @param params those whose value is a text, a number, a boolean or a list of texts
 */
record CdpCommand(OptionalLong id, String method, Optional<String> sessionId, Map<String, Object> params) {
    private static final JsonFactory JSON = JsonFactory.builder()
            // As Chrome does.
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    CdpCommand {
        params = Map.copyOf(params);
    }

    /** A message that Chrome would not take, or not surely as we do. */
    static final class Malformed extends Exception {
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

    /** The texts of a list; empty where there is no such list. */
    List<String> texts(String param) {
        return params.get(param) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    static CdpCommand parse(byte[] message, int length) throws Malformed {
        try (JsonParser json = JSON.createParser(message, 0, length)) {
            return new Reader(json).read();
        } catch (IOException e) {
            throw new Malformed("the message is not valid JSON");
        }
    }

    /**
     * Whether it can't be one message. A NUL ends one in Chrome's pipe: with one inside, Chrome would read two. And before a
     * comment that Chrome passes over, no object is found.
     */
    static boolean isMisleading(byte[] message, int length) {
        boolean blank = true;
        for (int i = 0; i < length; i++) {
            if (message[i] == 0 || blank && message[i] == '/') {
                return true;
            }
            blank = blank && message[i] >= 0 && message[i] <= ' ';
        }
        return false;
    }

    /** Keys come in any order, and none of those that count twice: which of the two Chrome takes is not ours to guess. */
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
                    top.get("id") instanceof Number id ? OptionalLong.of(id.longValue()) : OptionalLong.empty(),
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
            if (values.putIfAbsent(name, value) != null) {
                throw new Malformed("the key " + name + " is there twice");
            }
        }

        private Object value() throws IOException {
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

        private List<String> texts() throws IOException {
            List<String> texts = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    texts.add(json.getText());
                } else {
                    json.skipChildren();
                }
            }
            return List.copyOf(texts);
        }

        /** The files that a drag carries. */
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

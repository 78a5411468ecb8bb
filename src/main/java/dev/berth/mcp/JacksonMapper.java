package dev.berth.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;

/** The SDK's JSON by the Jackson that everything else uses: the SDK's own mappers bring another one. */
final class JacksonMapper implements McpJsonMapper {
    // Canonical names: every name that a client makes up would stay in memory.
    private final ObjectMapper json = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A client sent params of another form than the method's. */
    static final class NotOfThisForm extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotOfThisForm(IllegalArgumentException cause) {
            super("params are not valid for this method", cause);
        }
    }

    private JavaType type(TypeRef<?> type) {
        return json.constructType(type.getType());
    }

    @Override
    public <T> T readValue(String content, Class<T> type) throws IOException {
        return json.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, Class<T> type) throws IOException {
        return json.readValue(content, type);
    }

    @Override
    public <T> T readValue(String content, TypeRef<T> type) throws IOException {
        return json.readValue(content, type(type));
    }

    @Override
    public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
        return json.readValue(content, type(type));
    }

    @Override
    public <T> T convertValue(Object value, Class<T> type) {
        return converted(value, json.constructType(type));
    }

    @Override
    public <T> T convertValue(Object value, TypeRef<T> type) {
        return converted(value, type(type));
    }

    private <T> T converted(Object value, JavaType type) {
        try {
            return json.convertValue(value, type);
        } catch (IllegalArgumentException e) {
            throw new NotOfThisForm(e);
        }
    }

    @Override
    public String writeValueAsString(Object value) throws IOException {
        return json.writeValueAsString(value);
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws IOException {
        return json.writeValueAsBytes(value);
    }
}

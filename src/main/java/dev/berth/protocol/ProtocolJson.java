package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON form of the protocol's records on the bus, in rows and in log lines: that of answers to clients is {@link ShownJson}. */
public final class ProtocolJson {
    /**
     * Reads and writes records. Instants are ISO-8601 UTC with milliseconds. Fields and values that only a newer version writes are read by
     * the rule of the package.
     */
    public static final ObjectMapper MAPPER = builder().build();

    private static final ObjectReader OBJECT =
            MAPPER.readerForMapOf(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ProtocolJson() {}

    static JsonMapper.Builder builder() {
        return JsonMapper.builder(JsonFactory.builder()
                        // Otherwise every name that a page or a client makes up stays in memory.
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .build())
                .addModule(new Jdk8Module())
                .addModule(new BlackbirdModule())
                .addModule(new SimpleModule()
                        .addSerializer(Instant.class, new InstantSerializer())
                        .addDeserializer(Instant.class, new InstantDeserializer()))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);
    }

    /** The JSON object of a record, whose fields may be changed. */
    public static Map<String, Object> map(Object value) {
        return new LinkedHashMap<>(MAPPER.convertValue(value, new TypeReference<Map<String, Object>>() {}));
    }

    /** An object that a client or a page wrote. Throws {@link DecodeException} where the text is none. */
    public static JsonObject object(String text) {
        try {
            Map<String, Object> fields = OBJECT.readValue(text);
            if (fields != null) {
                return new JsonObject(fields);
            }
        } catch (JsonProcessingException e) {
            throw new DecodeException(e.getOriginalMessage(), e);
        }
        throw new DecodeException("null is no object");
    }

    /** The constant with this name in JSON, also of a row or a header. Throws {@link IllegalArgumentException} if there is none. */
    public static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return MAPPER.convertValue(name, type);
    }

    /** {@code 2026-01-02T03:04:05.006Z}. A formatter would take a third of the time of many responses. */
    static String text(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < 1_000 || utc.getYear() > 9_999) {
            return instant.truncatedTo(ChronoUnit.MILLIS).toString();
        }
        StringBuilder text = new StringBuilder(24).append(utc.getYear());
        two(text.append('-'), utc.getMonthValue());
        two(text.append('-'), utc.getDayOfMonth());
        two(text.append('T'), utc.getHour());
        two(text.append(':'), utc.getMinute());
        two(text.append(':'), utc.getSecond());
        int millis = utc.getNano() / 1_000_000;
        text.append('.').append((char) ('0' + millis / 100));
        return two(text, millis % 100).append('Z').toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static final class InstantSerializer extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(text(value));
        }
    }

    private static final class InstantDeserializer extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Instant.parse(in.getText());
        }
    }
}

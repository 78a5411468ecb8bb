package dev.berth.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.function.Function;

/** Deserialisers of flags and whole numbers that refuse other JSON types, and Vert.x's trees as maps and lists. */
final class ClientTypes extends SimpleModule {
    private static final long serialVersionUID = 1L;

    ClientTypes() {
        addDeserializer(boolean.class, new Flag());
        addDeserializer(int.class, new WholeNumber<>(int.class, Math::toIntExact));
        addDeserializer(Integer.class, new WholeNumber<>(Integer.class, Math::toIntExact));
        addDeserializer(long.class, new WholeNumber<>(long.class, number -> number));
        addDeserializer(Long.class, new WholeNumber<>(Long.class, number -> number));
        addSerializer(JsonObject.class, new Tree<>(JsonObject.class, JsonObject::getMap));
        addSerializer(JsonArray.class, new Tree<>(JsonArray.class, JsonArray::getList));
    }

    /** A flag that is absent within an object is false. */
    private static final class Flag extends StdDeserializer<Boolean> {
        private static final long serialVersionUID = 1L;

        Flag() {
            super(boolean.class);
        }

        @Override
        public Boolean deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return in.currentToken().isBoolean() ? in.getBooleanValue() : context.reportInputMismatch(this, "no flag");
        }

        @Override
        public Boolean getNullValue(DeserializationContext context) {
            return false;
        }
    }

    /** JSON has one type of number: 2.0 is a whole one. */
    private static final class WholeNumber<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Narrowing<T> narrowing;

        WholeNumber(Class<T> type, Narrowing<T> narrowing) {
            super(type);
            this.narrowing = narrowing;
        }

        private interface Narrowing<T> {
            /** Throws {@link ArithmeticException} where the number is too large. */
            T of(long number);
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonToken token = in.currentToken();
            if (token.isNumeric()
                    && Double.isFinite(in.getDoubleValue())
                    && in.getDoubleValue() == Math.rint(in.getDoubleValue())) {
                try {
                    return narrowing.of(in.getDecimalValue().longValueExact());
                } catch (ArithmeticException e) {
                    return context.reportInputMismatch(this, "too large");
                }
            }
            return context.reportInputMismatch(this, "no whole number");
        }

        @Override
        public T getNullValue(DeserializationContext context) throws JsonMappingException {
            return handledType().isPrimitive()
                    ? context.reportInputMismatch(this, "Cannot map `null` into a number")
                    : null;
        }
    }

    /** Vert.x's JSON, by its maps and lists. */
    private static final class Tree<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<T, Object> plain;

        Tree(Class<T> type, Function<T, Object> plain) {
            super(type);
            this.plain = plain;
        }

        @Override
        public void serialize(T json, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(plain.apply(json), out);
        }
    }
}

package dev.berth.protocol;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads records from JSON that clients write: the names are those of the components, null counts as absent, and no value is converted
 * to another type. Throws {@link BerthException} that names the field by its path, and says what would be right. For any thread.
 */
public final class ClientJson {
    private static final int MAX_SHOWN_CHARS = 100;
    private static final ObjectMapper MAPPER = ProtocolJson.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfigDefaults(all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .addModule(new ClientTypes())
            .build();

    private ClientJson() {}

    /** The same with no defaults, of an object that is no part of another. */
    public static <T extends Record> T read(Class<T> type, JsonObject given) {
        return read(type, "", given, new JsonObject());
    }

    /**
     * Reads what differs from another record of the type.
     *
     * @param otherwise has the components that are absent
     */
    public static <T extends Record> T read(String path, JsonObject given, T otherwise) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) otherwise.getClass();
        JsonObject defaults = new JsonObject();
        for (RecordComponent component : type.getRecordComponents()) {
            Object value = value(component, otherwise);
            if (!Optional.empty().equals(value)) {
                defaults.put(component.getName(), value);
            }
        }
        return read(type, path, given, defaults);
    }

    private static Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " can't be read", e);
        }
    }

    /**
     * Reads a record.
     *
     * @param path before the names of fields in errors, where the object is a part of another: {@code options.}
     * @param defaults the values of fields that are absent. A component that is neither given nor an {@link Optional} is missing
     */
    public static <T extends Record> T read(Class<T> type, String path, JsonObject given, JsonObject defaults) {
        requireKnown(path, given, names(type));
        Map<String, Object> fields = new LinkedHashMap<>();
        given.getMap().forEach((name, value) -> {
            if (value != null) {
                fields.put(name, value);
            }
        });
        defaults.getMap().forEach(fields::putIfAbsent);
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType() != Optional.class && !fields.containsKey(component.getName())) {
                throw BerthException.invalid(path + component.getName() + " is missing" + instead(given));
            }
        }
        return convert(type, path, fields);
    }

    /** The names of the fields that the object has: one of them may be the missing field, misspelt. */
    private static String instead(JsonObject given) {
        return given.isEmpty() ? "" : "; given: " + shortened(String.join(", ", given.fieldNames()));
    }

    /** The names of the fields of a record. */
    public static List<String> names(Class<? extends Record> type) {
        return Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    /** Refuses an object with other fields: a misspelt one would silently do nothing. */
    public static void requireKnown(String path, JsonObject given, Collection<String> known) {
        for (String name : given.fieldNames()) {
            if (!known.contains(name)) {
                throw unknown(path + shortened(name), name, known);
            }
        }
    }

    private static BerthException unknown(String place, String name, Collection<?> known) {
        List<String> names = known.stream().map(String::valueOf).toList();
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                place + " is not a known field; known here: " + String.join(", ", names),
                Misspelling.nearest(shortened(name), names)
                        .map(near -> "did you mean " + near + "?")
                        .orElse(""));
    }

    private static <T> T convert(Class<T> type, String path, Map<String, Object> fields) {
        try {
            return MAPPER.convertValue(fields, type);
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof JsonMappingException wrong ? explained(path, wrong) : e;
        }
    }

    private static BerthException explained(String path, JsonMappingException wrong) {
        String place = path
                + wrong.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "" + step.getIndex() : shortened(step.getFieldName()))
                        .collect(Collectors.joining("."));
        if (wrong.getCause() instanceof BerthException refused) {
            return new BerthException(
                    refused.code(),
                    named(path, place, refused.getMessage()),
                    refused.hint().orElse(""));
        } else if (wrong instanceof UnrecognizedPropertyException unknown) {
            return unknown(place, unknown.getPropertyName(), unknown.getKnownPropertyIds());
        } else if (wrong instanceof MismatchedInputException mismatch) {
            return BerthException.invalid(place + right(mismatch));
        }
        return BerthException.invalid(place + " can't be read");
    }

    /** A record names its own fields, unless it is a part of one other record only: then it names them by their whole path. */
    private static String named(String path, String place, String refusal) {
        boolean whole = !path.isEmpty() && refusal.startsWith(path);
        if (place.equals(path)) {
            return whole ? refusal : path + refusal;
        } else if (refusal.startsWith(" ")) {
            return place + refusal;
        }
        return whole ? refusal : place + "." + refusal;
    }

    private static String right(MismatchedInputException wrong) {
        Class<?> type = wrong.getTargetType();
        if (type == null || wrong.getOriginalMessage().startsWith("Cannot map `null`")) {
            return " is missing";
        } else if (type.isEnum()) {
            return " must be one of " + choices(type)
                    + (wrong instanceof InvalidFormatException format
                            ? ", not '" + shortened("" + format.getValue()) + "'"
                            : "");
        } else if (type == boolean.class || type == Boolean.class) {
            return " must be true or false";
        } else if (type == int.class || type == Integer.class) {
            return " must be a whole number of at most " + Integer.MAX_VALUE;
        } else if (type == long.class || type == Long.class) {
            return " must be a whole number";
        } else if (type == double.class || type == Double.class) {
            return " must be a number";
        } else if (type == String.class) {
            return " must be a string";
        } else if (Collection.class.isAssignableFrom(type) || type == HostPatterns.class) {
            return " must be a list";
        }
        return type.isRecord()
                ? " must be an object with " + String.join(", ", names(type.asSubclass(Record.class)))
                : " must be an object";
    }

    private static String choices(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(value -> MAPPER.convertValue(value, String.class))
                .collect(Collectors.joining(", "));
    }

    /** A text of the client, as an error may show it. */
    private static String shortened(String text) {
        return Truncation.ellipsis(text, MAX_SHOWN_CHARS);
    }
}

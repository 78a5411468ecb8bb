package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Offset;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The arguments of a verb, as JSON: the types that a field may have. Null counts as absent. A missing field or one of a wrong type throws
 * {@link BerthException} that names it.
 */
public final class Arguments {
    private static final long DEFAULT_TIMEOUT_MILLIS = 30_000;
    /** Longer than clients wait for a response. */
    private static final long MAX_TIMEOUT_MILLIS = 300_000;

    private final JsonFields fields;
    private final Optional<List<UploadedFile>> stored;
    private final long defaultTimeoutMillis;

    private Arguments(JsonFields fields, Optional<List<UploadedFile>> stored, long defaultTimeoutMillis) {
        this.fields = fields;
        this.stored = stored;
        this.defaultTimeoutMillis = defaultTimeoutMillis;
    }

    public static Arguments of(JsonObject json) {
        return new Arguments(new JsonFields("", json), Optional.empty(), DEFAULT_TIMEOUT_MILLIS);
    }

    /** The same arguments, with the stored form of the files that {@link GivenFile#of} reads. */
    public Arguments withStored(List<UploadedFile> files) {
        return new Arguments(fields.afresh(), Optional.of(List.copyOf(files)), defaultTimeoutMillis);
    }

    /** The same arguments, with this timeout where they have none. */
    Arguments within(long defaultMillis) {
        return new Arguments(fields.afresh(), stored, defaultMillis);
    }

    public String text(String field) {
        return fields.required(field, optionalText(field));
    }

    public Optional<String> optionalText(String field) {
        return fields.value(field, String.class, "text");
    }

    String selector(String field) {
        return fields.required(field, optionalSelector(field));
    }

    /** A selector; with {@code strict}, a selector that refuses several matches. A ref stands for one element anyway. */
    Optional<String> optionalSelector(String field) {
        boolean strict = flag("strict", false);
        return optionalText(field)
                .map(selector ->
                        strict && !selector.isBlank() && !selector.strip().startsWith("ref=")
                                ? selector + " >> strict"
                                : selector);
    }

    boolean flag(String field) {
        return fields.required(field, fields.value(field, Boolean.class, "true or false"));
    }

    public boolean flag(String field, boolean fallback) {
        return optionalFlag(field).orElse(fallback);
    }

    Optional<Boolean> optionalFlag(String field) {
        return fields.value(field, Boolean.class, "true or false");
    }

    public int integer(String field, int min, int max) {
        return fields.required(field, optionalInteger(field, min, max));
    }

    public Optional<Integer> optionalInteger(String field, int min, int max) {
        return optionalInteger(field).map(number -> {
            if (number < min || number > max) {
                throw fields.invalid(field, "must be from " + min + " to " + max + ", not " + number);
            }
            return number;
        });
    }

    public int integer(String field, int fallback) {
        return optionalInteger(field).orElse(fallback);
    }

    Optional<Integer> optionalInteger(String field) {
        return fields.whole(field).map(number -> {
            if (number != number.intValue()) {
                throw fields.invalid(field, "must be a whole number of at most 2147483647");
            }
            return number.intValue();
        });
    }

    public double number(String field) {
        return fields.required(field, optionalNumber(field));
    }

    public double number(String field, double fallback) {
        return optionalNumber(field).orElse(fallback);
    }

    Optional<Double> optionalNumber(String field) {
        return fields.value(field, Number.class, "a number").map(Number::doubleValue);
    }

    /** An enum value by its name in JSON. */
    public <E extends Enum<E>> E choice(String field, E fallback, Function<E, String> name) {
        return optionalChoice(field, fallback.getDeclaringClass(), name).orElse(fallback);
    }

    public <E extends Enum<E>> E choice(String field, Class<E> type, Function<E, String> name) {
        return fields.required(field, optionalChoice(field, type, name));
    }

    <E extends Enum<E>> Optional<E> optionalChoice(String field, Class<E> type, Function<E, String> name) {
        return optionalText(field)
                .map(text -> constant(text, type, name)
                        .orElseThrow(() -> fields.invalid(
                                field,
                                "must be one of " + names(type, name) + ", not '" + JsonFields.shown(text) + "'")));
    }

    /** A list of names of an enum's values; empty where the field is absent. */
    <E extends Enum<E>> List<E> choices(String field, Class<E> type, Function<E, String> name) {
        return optionalChoices(field, type, name).orElse(List.of());
    }

    <E extends Enum<E>> Optional<List<E>> optionalChoices(String field, Class<E> type, Function<E, String> name) {
        return fields.optionalList(
                field,
                "a list of texts",
                (place, entry) -> constant(entry, type, name)
                        .orElseThrow(() -> fields.invalid(field, "may have " + names(type, name))));
    }

    private static <E extends Enum<E>> Optional<E> constant(Object text, Class<E> type, Function<E, String> name) {
        return Stream.of(type.getEnumConstants())
                .filter(value -> name.apply(value).equals(text))
                .findFirst();
    }

    private static <E extends Enum<E>> String names(Class<E> type, Function<E, String> name) {
        return Stream.of(type.getEnumConstants()).map(name).collect(Collectors.joining(", "));
    }

    List<String> texts(String field) {
        return fields.required(field, optionalTexts(field));
    }

    Optional<List<String>> optionalTexts(String field) {
        return fields.optionalList(
                field, "a list of texts", (place, entry) -> fields.entry(place, entry, String.class, "must be text"));
    }

    public List<Integer> integers(String field) {
        return fields.list(
                field,
                "a list of whole numbers",
                (place, entry) -> fields.entry(place, entry, Integer.class, "must be a whole number"));
    }

    /** An object whose values are texts. */
    Optional<Map<String, String>> textsByName(String field) {
        return fields.value(field, JsonObject.class, "an object of texts").map(object -> {
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name : object.fieldNames()) {
                if (!(object.getValue(name) instanceof String text)) {
                    throw fields.invalid(field, "must be an object of texts: " + JsonFields.shown(name) + " is none");
                }
                texts.put(name, text);
            }
            return texts;
        });
    }

    /** A point or a distance: {@code {"x": 1, "y": 2}}. */
    Optional<Offset> offset(String field) {
        return optionalObject(field, "an object with x and y", Arguments::offset);
    }

    private static Offset offset(Arguments in) {
        double x = in.number("x");
        double y = in.number("y");
        try {
            return new Offset(x, y);
        } catch (BerthException e) {
            throw new BerthException(e.code(), in.fields.path() + e.getMessage());
        }
    }

    /** @param reader must read all of its fields */
    public <T> Optional<T> optionalObject(String field, String right, Function<Arguments, T> reader) {
        return fields.value(field, JsonObject.class, right).map(object -> read(field, object, reader));
    }

    /** @param reader reads one object of the list, and must read all of its fields */
    public <T> List<T> objects(String field, Function<Arguments, T> reader) {
        return fields.list(field, "a list of objects", (place, entry) -> read(place, object(place, entry), reader));
    }

    /** The objects of a list as they are, of maps and lists; empty where the field is absent. */
    List<Object> values(String field) {
        return fields.<Object>optionalList(
                        field,
                        "a list of objects",
                        (place, entry) -> object(place, entry).getMap())
                .orElse(List.of());
    }

    /**
     * A list whose entries are texts or objects.
     *
     * @param reader reads one object of the list, and must read all of its fields
     */
    <T> List<T> textsOrObjects(String field, Function<String, T> text, Function<Arguments, T> reader) {
        return fields.list(
                field,
                "a list of texts or objects",
                (place, entry) -> entry instanceof String given
                        ? text.apply(given)
                        : read(
                                place,
                                fields.entry(place, entry, JsonObject.class, "must be a text or an object"),
                                reader));
    }

    private JsonObject object(String place, Object entry) {
        return fields.entry(place, entry, JsonObject.class, "must be an object");
    }

    /** How long the browser may take. */
    long timeoutMillis() {
        long millis = fields.whole("timeout").orElse(defaultTimeoutMillis);
        if (millis < 1 || millis > MAX_TIMEOUT_MILLIS) {
            throw fields.invalid("timeout", "must be from 1 to " + MAX_TIMEOUT_MILLIS + " milliseconds, not " + millis);
        }
        return millis;
    }

    /** The stored form of the files that {@link GivenFile#of} reads, where they are stored already. */
    Optional<List<UploadedFile>> stored() {
        return stored;
    }

    /** Fails where a field was not read: a misspelt one would silently do nothing. */
    public void requireAllRead() {
        fields.requireAllRead();
    }

    private <T> T read(String place, JsonObject object, Function<Arguments, T> reader) {
        Arguments nested = new Arguments(fields.nested(place, object), Optional.empty(), defaultTimeoutMillis);
        T read = reader.apply(nested);
        nested.requireAllRead();
        return read;
    }
}

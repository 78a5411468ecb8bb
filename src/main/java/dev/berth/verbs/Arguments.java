package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Offset;
import dev.berth.protocol.Truncation;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The arguments of a verb, as JSON. Reads typed fields and notes which ones were read, so that unknown fields can be refused.
 * Null counts as absent. A missing field or one of a wrong type throws {@link BerthException} that names it.
 */
public final class Arguments {
    private static final long DEFAULT_TIMEOUT_MILLIS = 30_000;
    /** Longer than clients wait for a response. */
    private static final long MAX_TIMEOUT_MILLIS = 300_000;

    private static final int MAX_SHOWN_CHARS = 100;

    private final String path;
    private final JsonObject json;
    private final Optional<List<UploadedFile>> stored;
    private final long defaultTimeoutMillis;
    private final Set<String> asked = new LinkedHashSet<>();

    private Arguments(String path, JsonObject json, Optional<List<UploadedFile>> stored, long defaultTimeoutMillis) {
        this.path = path;
        this.json = json;
        this.stored = stored;
        this.defaultTimeoutMillis = defaultTimeoutMillis;
    }

    public static Arguments of(JsonObject json) {
        return new Arguments("", json, Optional.empty(), DEFAULT_TIMEOUT_MILLIS);
    }

    /** The same arguments, with the stored form of the files that {@link GivenFile#of} reads. */
    public Arguments withStored(List<UploadedFile> files) {
        return new Arguments(path, json, Optional.of(List.copyOf(files)), defaultTimeoutMillis);
    }

    /** The same arguments, with this timeout where they have none. */
    Arguments within(long defaultMillis) {
        return new Arguments(path, json, stored, defaultMillis);
    }

    public String text(String field) {
        return required(field, optionalText(field));
    }

    public Optional<String> optionalText(String field) {
        return value(field, String.class, "text");
    }

    String selector(String field) {
        return required(field, optionalSelector(field));
    }

    /** With {@code strict}, one that refuses several matches. A ref stands for one element anyway. */
    Optional<String> optionalSelector(String field) {
        boolean strict = flag("strict", false);
        return optionalText(field)
                .map(selector ->
                        strict && !selector.isBlank() && !selector.strip().startsWith("ref=")
                                ? selector + " >> strict"
                                : selector);
    }

    boolean flag(String field) {
        return required(field, value(field, Boolean.class, "true or false"));
    }

    public boolean flag(String field, boolean fallback) {
        return optionalFlag(field).orElse(fallback);
    }

    Optional<Boolean> optionalFlag(String field) {
        return value(field, Boolean.class, "true or false");
    }

    public int integer(String field, int min, int max) {
        return required(field, optionalInteger(field, min, max));
    }

    public Optional<Integer> optionalInteger(String field, int min, int max) {
        return optionalInteger(field).map(number -> {
            if (number < min || number > max) {
                throw invalid(field, "must be from " + min + " to " + max + ", not " + number);
            }
            return number;
        });
    }

    public int integer(String field, int fallback) {
        return optionalInteger(field).orElse(fallback);
    }

    Optional<Integer> optionalInteger(String field) {
        return whole(field).map(number -> {
            if (number != number.intValue()) {
                throw invalid(field, "must be a whole number of at most 2147483647");
            }
            return number.intValue();
        });
    }

    public double number(String field) {
        return required(field, optionalNumber(field));
    }

    public double number(String field, double fallback) {
        return optionalNumber(field).orElse(fallback);
    }

    Optional<Double> optionalNumber(String field) {
        return value(field, Number.class, "a number").map(Number::doubleValue);
    }

    /** An enum value by its name in JSON. */
    public <E extends Enum<E>> E choice(String field, E fallback, Function<E, String> name) {
        return optionalChoice(field, fallback.getDeclaringClass(), name).orElse(fallback);
    }

    public <E extends Enum<E>> E choice(String field, Class<E> type, Function<E, String> name) {
        return required(field, optionalChoice(field, type, name));
    }

    <E extends Enum<E>> Optional<E> optionalChoice(String field, Class<E> type, Function<E, String> name) {
        return optionalText(field)
                .map(text -> constant(text, type, name)
                        .orElseThrow(() -> invalid(
                                field,
                                "must be one of " + names(type, name) + ", not '"
                                        + Truncation.ellipsis(text, MAX_SHOWN_CHARS) + "'")));
    }

    /** A list of names of an enum's values; empty where the field is absent. */
    <E extends Enum<E>> List<E> choices(String field, Class<E> type, Function<E, String> name) {
        return optionalChoices(field, type, name).orElse(List.of());
    }

    <E extends Enum<E>> Optional<List<E>> optionalChoices(String field, Class<E> type, Function<E, String> name) {
        return optionalList(
                field,
                "a list of texts",
                (place, entry) ->
                        constant(entry, type, name).orElseThrow(() -> invalid(field, "may have " + names(type, name))));
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
        return required(field, optionalTexts(field));
    }

    Optional<List<String>> optionalTexts(String field) {
        return optionalList(
                field, "a list of texts", (place, entry) -> entry(place, entry, String.class, "must be text"));
    }

    public List<Integer> integers(String field) {
        return list(
                field,
                "a list of whole numbers",
                (place, entry) -> entry(place, entry, Integer.class, "must be a whole number"));
    }

    /** An object whose values are texts. */
    Optional<Map<String, String>> textsByName(String field) {
        return value(field, JsonObject.class, "an object of texts").map(object -> {
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name : object.fieldNames()) {
                if (!(object.getValue(name) instanceof String text)) {
                    throw invalid(
                            field,
                            "must be an object of texts: " + Truncation.ellipsis(name, MAX_SHOWN_CHARS) + " is none");
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
            throw new BerthException(e.code(), in.path + e.getMessage());
        }
    }

    /** @param reader must read all of its fields */
    public <T> Optional<T> optionalObject(String field, String right, Function<Arguments, T> reader) {
        return value(field, JsonObject.class, right).map(object -> read(field, object, reader));
    }

    /** @param reader reads one object of the list, and must read all of its fields */
    public <T> List<T> objects(String field, Function<Arguments, T> reader) {
        return list(field, "a list of objects", (place, entry) -> read(place, object(place, entry), reader));
    }

    /** The objects of a list as they are, of maps and lists; empty where the field is absent. */
    List<Object> values(String field) {
        return this.<Object>optionalList(
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
        return list(
                field,
                "a list of texts or objects",
                (place, entry) -> entry instanceof String given
                        ? text.apply(given)
                        : read(place, entry(place, entry, JsonObject.class, "must be a text or an object"), reader));
    }

    private JsonObject object(String place, Object entry) {
        return entry(place, entry, JsonObject.class, "must be an object");
    }

    private <T> List<T> list(String field, String right, BiFunction<String, Object, T> reader) {
        return required(field, optionalList(field, right, reader));
    }

    /** @param reader of one entry, which may be null, with its place: the field and the index */
    private <T> Optional<List<T>> optionalList(String field, String right, BiFunction<String, Object, T> reader) {
        return value(field, JsonArray.class, right)
                .map(entries -> IntStream.range(0, entries.size())
                        .mapToObj(i -> reader.apply(field + "." + i, entries.getValue(i)))
                        .toList());
    }

    private <T> T entry(String place, Object entry, Class<T> type, String right) {
        if (!type.isInstance(entry)) {
            throw invalid(place, right);
        }
        return type.cast(entry);
    }

    private <T> T read(String place, JsonObject object, Function<Arguments, T> reader) {
        Arguments nested = new Arguments(path + place + ".", object, Optional.empty(), defaultTimeoutMillis);
        T read = reader.apply(nested);
        nested.requireAllRead();
        return read;
    }

    /** How long the browser may take. */
    long timeoutMillis() {
        long millis = whole("timeout").orElse(defaultTimeoutMillis);
        if (millis < 1 || millis > MAX_TIMEOUT_MILLIS) {
            throw invalid("timeout", "must be from 1 to " + MAX_TIMEOUT_MILLIS + " milliseconds, not " + millis);
        }
        return millis;
    }

    /** The stored form of the files that {@link GivenFile#of} reads. */
    List<UploadedFile> storedFiles() {
        return stored.orElseGet(() -> {
            if (!GivenFile.of(this).isEmpty()) {
                throw invalid("files", "must be names of files that the session has");
            }
            return List.of();
        });
    }

    /** Fails where a field was not read: a misspelt one would silently do nothing. */
    public void requireAllRead() {
        for (String field : json.fieldNames()) {
            if (!asked.contains(field)) {
                throw invalid(
                        Truncation.ellipsis(field, MAX_SHOWN_CHARS),
                        "is not a known field; known here: " + String.join(", ", asked));
            }
        }
    }

    private Optional<Long> whole(String field) {
        return value(field, Number.class, "a whole number").map(number -> {
            if (number.doubleValue() != number.longValue()) {
                throw invalid(field, "must be a whole number");
            }
            return number.longValue();
        });
    }

    private <T> Optional<T> value(String field, Class<T> type, String right) {
        asked.add(field);
        Object value = json.getValue(field);
        if (value != null && !type.isInstance(value)) {
            throw invalid(field, "must be " + right);
        }
        return Optional.ofNullable(type.cast(value));
    }

    private <T> T required(String field, Optional<T> value) {
        return value.orElseThrow(() -> invalid(field, "is missing" + given()));
    }

    /** The fields that are there instead: a misspelt one may be the one that is missing. */
    private String given() {
        return json.isEmpty()
                ? ""
                : "; given: " + Truncation.ellipsis(String.join(", ", json.fieldNames()), MAX_SHOWN_CHARS);
    }

    private BerthException invalid(String field, String why) {
        return BerthException.invalid(path + field + " " + why);
    }
}

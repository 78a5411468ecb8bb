package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fields of an object that a client wrote, each read by its name and type; null counts as absent. A field of another type throws {@link
 * BerthException} with its path. Fields that nobody has read are those that Berth does not know.
 */
public final class GivenFields {
    private final String path;
    private final JsonObject given;
    private final Set<String> unread;
    private final List<GivenFields> inner = new ArrayList<>();

    /** @param path before the names of the fields: {@code browserSettings.} */
    public GivenFields(String path, JsonObject given) {
        this.path = path;
        this.given = given;
        this.unread = new LinkedHashSet<>(given.fieldNames());
        given.forEach(field -> {
            if (field.getValue() == null) {
                unread.remove(field.getKey());
            }
        });
    }

    /** The names of all fields that have a value. */
    public Set<String> names() {
        return given.stream()
                .filter(field -> field.getValue() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The path of a field. */
    public String path(String name) {
        return path + name;
    }

    public Optional<Object> value(String name) {
        unread.remove(name);
        return Optional.ofNullable(given.getValue(name));
    }

    public Optional<String> text(String name) {
        return value(name).map(value -> as(String.class, name, value, "a string"));
    }

    public Optional<Boolean> flag(String name) {
        return value(name).map(value -> as(Boolean.class, name, value, "true or false"));
    }

    public Optional<Long> whole(String name, long least, long most) {
        return value(name).map(value -> {
            if (!(value instanceof Integer || value instanceof Long)
                    || ((Number) value).longValue() < least
                    || ((Number) value).longValue() > most) {
                throw wrong(name, "a whole number from " + least + " to " + most);
            }
            return ((Number) value).longValue();
        });
    }

    /** A number of any kind within these bounds. */
    public Optional<Double> number(String name, double least, double most) {
        return value(name).map(value -> {
            if (!(value instanceof Number number) || number.doubleValue() < least || number.doubleValue() > most) {
                throw wrong(name, "a number from " + plain(least) + " to " + plain(most));
            }
            return ((Number) value).doubleValue();
        });
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** One of these choices, by the name that clients give, in capitals or not. */
    public <T> Optional<T> choice(String name, Map<String, T> choices) {
        return text(name)
                .map(text -> Optional.ofNullable(choices.get(text.toLowerCase(Locale.ROOT)))
                        .orElseThrow(() ->
                                wrong(name, "one of " + String.join(", ", new TreeSet<>(choices.keySet())))));
    }

    public Optional<JsonObject> json(String name) {
        return value(name).map(value -> as(JsonObject.class, name, value, "an object"));
    }

    public Optional<GivenFields> object(String name) {
        return json(name).map(value -> inner(name, value));
    }

    /** The elements of a list of strings. */
    public List<String> texts(String name) {
        return list(name, (at, value) -> as(String.class, at, value, "a string"));
    }

    /** The elements of a list of objects. */
    public List<GivenFields> objects(String name) {
        return list(name, (at, value) -> inner(at, as(JsonObject.class, at, value, "an object")));
    }

    private interface Element<T> {
        T read(String at, Object value);
    }

    private <T> List<T> list(String name, Element<T> element) {
        JsonArray values = value(name)
                .map(value -> as(JsonArray.class, name, value, "a list"))
                .orElseGet(JsonArray::new);
        List<T> read = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            read.add(element.read(name + "[" + i + "]", values.getValue(i)));
        }
        return read;
    }

    private GivenFields inner(String name, JsonObject value) {
        GivenFields fields = new GivenFields(path(name) + ".", value);
        inner.add(fields);
        return fields;
    }

    private <T> T as(Class<T> type, String name, Object value, String expected) {
        if (!type.isInstance(value)) {
            throw wrong(name, expected);
        }
        return type.cast(value);
    }

    public BerthException wrong(String name, String expected) {
        return Validation.invalid(path(name) + ": must be " + expected);
    }

    /** Requires a field that has to be there. */
    public <T> T required(String name, Function<String, Optional<T>> reading) {
        return reading.apply(name).orElseThrow(() -> Validation.invalid(path(name) + ": is missing"));
    }

    /** The paths of the fields that nobody has read. */
    public List<String> unread() {
        List<String> paths = new ArrayList<>(unread.stream().map(this::path).toList());
        inner.forEach(fields -> paths.addAll(fields.unread()));
        return paths;
    }
}

package dev.berth.verbs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** The fields of a JSON object: finds them, checks their types, names them in errors with their place, and notes which ones were read. */
final class JsonFields {
    private static final int MAX_SHOWN_CHARS = 100;

    private final String path;
    private final JsonObject json;
    private final Set<String> asked = new LinkedHashSet<>();

    /** @param path before the names of fields, where the object is a part of another: {@code cookies.0.} */
    JsonFields(String path, JsonObject json) {
        this.path = path;
        this.json = json;
    }

    /** The fields of an object that is at {@code place} here. */
    JsonFields nested(String place, JsonObject object) {
        return new JsonFields(path + place + ".", object);
    }

    /** The same fields, none of which was read. */
    JsonFields afresh() {
        return new JsonFields(path, json);
    }

    String path() {
        return path;
    }

    /** @param right what the field must be, for the error */
    <T> Optional<T> value(String field, Class<T> type, String right) {
        asked.add(field);
        Object value = json.getValue(field);
        if (value != null && !type.isInstance(value)) {
            throw invalid(field, "must be " + right);
        }
        return Optional.ofNullable(type.cast(value));
    }

    <T> T required(String field, Optional<T> value) {
        return value.orElseThrow(() -> invalid(field, "is missing" + given()));
    }

    /** The names of the fields that the object has: one of them may be the missing field, misspelt. */
    private String given() {
        return json.isEmpty() ? "" : "; given: " + shown(String.join(", ", json.fieldNames()));
    }

    Optional<Long> whole(String field) {
        return value(field, Number.class, "a whole number").map(number -> {
            if (number.doubleValue() != number.longValue()) {
                throw invalid(field, "must be a whole number");
            }
            return number.longValue();
        });
    }

    <T> List<T> list(String field, String right, BiFunction<String, Object, T> reader) {
        return required(field, optionalList(field, right, reader));
    }

    /** @param reader of one entry, which may be null, with its place: the field and the index */
    <T> Optional<List<T>> optionalList(String field, String right, BiFunction<String, Object, T> reader) {
        return value(field, JsonArray.class, right)
                .map(entries -> IntStream.range(0, entries.size())
                        .mapToObj(i -> reader.apply(field + "." + i, entries.getValue(i)))
                        .toList());
    }

    /** @param right what the entry must be, with "must be", for the error */
    <T> T entry(String place, Object entry, Class<T> type, String right) {
        if (!type.isInstance(entry)) {
            throw invalid(place, right);
        }
        return type.cast(entry);
    }

    /** Fails where a field was not read: a misspelt one would silently do nothing. */
    void requireAllRead() {
        for (String field : json.fieldNames()) {
            if (!asked.contains(field)) {
                throw invalid(shown(field), "is not a known field; known here: " + String.join(", ", asked));
            }
        }
    }

    BerthException invalid(String field, String why) {
        return BerthException.invalid(path + field + " " + why);
    }

    /** A text of the caller, as an error may show it. */
    static String shown(String text) {
        return Truncation.ellipsis(text, MAX_SHOWN_CHARS);
    }
}

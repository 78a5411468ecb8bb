package dev.berth.live;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the fields of one object that a viewer sent. What is missing, wrong or unknown is refused by its name. */
final class Fields {
    private static final int MAX_SHOWN_CHARS = 50;

    private final JsonObject object;
    private final Set<String> read = new HashSet<>();

    private Fields(JsonObject object) {
        this.object = object;
    }

    static Fields of(String message) {
        try {
            return new Fields(ProtocolJson.object(message));
        } catch (DecodeException e) {
            throw invalid("a message must be a JSON object");
        }
    }

    static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }

    private Object value(String name) {
        read.add(name);
        return object.getValue(name);
    }

    private <T> Optional<T> optional(String name, Class<T> type, String kind) {
        Object value = value(name);
        if (value != null && !type.isInstance(value)) {
            throw invalid(name + " must be " + kind);
        }
        return Optional.ofNullable(value).map(type::cast);
    }

    private static <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(() -> invalid(name + " is missing"));
    }

    Optional<String> optionalText(String name) {
        return optional(name, String.class, "text");
    }

    String text(String name) {
        return required(name, optionalText(name));
    }

    boolean flag(String name, boolean otherwise) {
        return optional(name, Boolean.class, "true or false").orElse(otherwise);
    }

    private Optional<Double> optionalNumber(String name) {
        return optional(name, Number.class, "a number").map(Number::doubleValue);
    }

    double number(String name) {
        return required(name, optionalNumber(name));
    }

    double number(String name, double otherwise) {
        return optionalNumber(name).orElse(otherwise);
    }

    int integer(String name, int otherwise) {
        double value = number(name, otherwise);
        return whole(name, value);
    }

    int integer(String name) {
        return whole(name, number(name));
    }

    private static int whole(String name, double value) {
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw invalid(name + " must be a whole number");
        }
        return (int) value;
    }

    /** A value of an enum, in small letters. */
    <E extends Enum<E>> E choice(String name, Class<E> type) {
        return choice(name, type, text(name));
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
        return optionalText(name).map(text -> choice(name, type, text)).orElse(otherwise);
    }

    private static <E extends Enum<E>> E choice(String name, Class<E> type, String text) {
        List<String> names = new ArrayList<>();
        for (E value : type.getEnumConstants()) {
            String wire = value.name().toLowerCase(Locale.ROOT);
            if (wire.equals(text)) {
                return value;
            }
            names.add(wire);
        }
        throw invalid(name + " must be one of " + String.join(", ", names));
    }

    <T> List<T> objects(String name, int max, Function<Fields, T> item) {
        return items(name, max, value -> {
            if (!(value instanceof JsonObject each)) {
                throw invalid(name + " must have objects");
            }
            Fields fields = new Fields(each);
            T made = item.apply(fields);
            fields.end();
            return made;
        });
    }

    List<Integer> integers(String name, int max) {
        return items(name, max, value -> {
            if (!(value instanceof Number number)) {
                throw invalid(name + " must have numbers");
            }
            return whole(name, number.doubleValue());
        });
    }

    private <T> List<T> items(String name, int max, Function<Object, T> item) {
        JsonArray array = required(name, optional(name, JsonArray.class, "a list"));
        if (array.size() > max) {
            throw invalid(name + " may have at most " + max + " entries");
        }
        return array.stream().map(item).toList();
    }

    /** To be called when all known fields have been read. */
    void end() {
        object.fieldNames().stream()
                .filter(name -> !read.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("'" + Truncation.ellipsis(name, MAX_SHOWN_CHARS) + "' is not a known field");
                });
    }
}

package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Arguments of tools that are no verbs. Each method throws {@link BerthException} that names the field. */
final class Given {
    private Given() {}

    static BerthException invalid(String why) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, why);
    }

    /** A misspelt field would silently do nothing. */
    static void requireOnly(JsonObject arguments, Set<String> known) {
        arguments.fieldNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("known fields here: " + String.join(", ", known));
                });
    }

    static Optional<String> text(JsonObject arguments, String name) {
        return value(arguments, name, String.class, "text");
    }

    static int integer(JsonObject arguments, String name, int fallback, int min, int max) {
        int value = value(arguments, name, Integer.class, "a whole number").orElse(fallback);
        if (value < min || value > max) {
            throw invalid(name + " must be from " + min + " to " + max);
        }
        return value;
    }

    static List<JsonObject> objects(JsonObject arguments, String name) {
        JsonArray values = value(arguments, name, JsonArray.class, "a list of objects")
                .orElseThrow(() -> invalid(name + " is missing"));
        return IntStream.range(0, values.size())
                .mapToObj(i -> {
                    if (values.getValue(i) instanceof JsonObject object) {
                        return object;
                    }
                    throw invalid(name + "." + i + " must be an object");
                })
                .toList();
    }

    private static <T> Optional<T> value(JsonObject arguments, String name, Class<T> type, String right) {
        Object value = arguments.getValue(name);
        if (value != null && !type.isInstance(value)) {
            throw invalid(name + " must be " + right);
        }
        return Optional.ofNullable(type.cast(value));
    }
}

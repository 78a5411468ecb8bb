package dev.berth.protocol;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells the sender of an undecodable message which field is wrong, and what would be right. */
final class Undecodable {
    private Undecodable() {}

    static BerthException refusal(Class<?> type, Throwable e) {
        return ofRecord(e).orElseGet(() -> {
            String field = e instanceof JsonMappingException mapping ? field(mapping) : "";
            String wrong = (field.isEmpty() ? type.getSimpleName() : field) + " " + right(e);
            return isUnknownConstant(e)
                    ? new BerthException(
                            ErrorCode.NOT_READY, wrong + ": if it is a newer one, this node is of an older version")
                    : Require.invalid(wrong);
        });
    }

    /** No fault of the sender, whose records have constants of its version only. */
    private static boolean isUnknownConstant(Throwable e) {
        return e instanceof InvalidFormatException format
                && format.getTargetType().isEnum()
                && format.getValue() instanceof String;
    }

    /** The error that a record threw for its own values. */
    private static Optional<BerthException> ofRecord(Throwable e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(BerthException.class::isInstance)
                .map(BerthException.class::cast)
                .findFirst();
    }

    private static String field(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String right(Throwable e) {
        if (!(e instanceof JsonMappingException)) {
            return "must be well-formed JSON";
        }
        Class<?> target = e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        if (target == null) {
            return "has the wrong form";
        } else if (target.isEnum()) {
            return "must be one of "
                    + Stream.of(target.getEnumConstants())
                            .map(value -> ProtocolJson.MAPPER.convertValue(value, String.class))
                            .collect(Collectors.joining(", "));
        } else if (target == String.class) {
            return "must be text";
        } else if (target == boolean.class) {
            return "must be true or false";
        } else if (target.isPrimitive() || Number.class.isAssignableFrom(target)) {
            return "must be a number";
        } else if (Collection.class.isAssignableFrom(target)) {
            return "must be a list";
        }
        return Map.class.isAssignableFrom(target) || target.isRecord() ? "must be an object" : "has the wrong form";
    }
}

package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words the validator's errors for clients. */
public final class Validation {
    private static final int MAX_FIELD_CHARS = 200;
    /** Bounds the search: there may be an error for each of thousands of entries. */
    private static final int MAX_ERRORS = 1_000;

    private static final Pattern PARAMETER =
            Pattern.compile("(?:query|path|header|cookie) parameter (\\S+) is invalid");
    private static final String MISSING = ": is missing";

    private Validation() {}

    static BerthException explain(Throwable e) {
        if (e instanceof SchemaValidationException schema) {
            return invalid(explain(schema));
        }
        if (e instanceof ValidatorException validator
                && validator.type() == ValidatorErrorType.UNSUPPORTED_VALUE_FORMAT) {
            return new BerthException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON: Content-Type: application/json");
        }
        boolean undecodable = e instanceof ValidatorException validator
                && validator.type() == ValidatorErrorType.ILLEGAL_VALUE
                && e.getMessage().contains("body");
        return invalid(
                e instanceof ValidatorException && !undecodable ? e.getMessage() : "the body is not well-formed JSON");
    }

    /** Nested schemas each report an error: the innermost one says most. */
    private static String explain(SchemaValidationException e) {
        OutputUnit innermost = e.getOutputUnit().getErrors().stream()
                .limit(MAX_ERRORS)
                .reduce((a, b) -> depth(b) > depth(a) ? b : a)
                .orElseThrow();
        String field = innermost.getInstanceLocation().replaceFirst("^#?/?", "").replace('/', '.');
        Matcher parameter = PARAMETER.matcher(e.getMessage());
        if (field.isEmpty() && parameter.find()) {
            field = parameter.group(1);
        }
        field = Truncation.cut(field, MAX_FIELD_CHARS);
        return message(field, plainly(innermost));
    }

    /** A missing field is named with its path. */
    private static String message(String field, String what) {
        if (what.endsWith(MISSING)) {
            return field.isEmpty() ? what : field + "." + what;
        }
        return (field.isEmpty() ? "the body" : field) + ": " + what;
    }

    private static long depth(OutputUnit unit) {
        return unit.getKeywordLocation().chars().filter(c -> c == '/').count();
    }

    private static String plainly(OutputUnit unit) {
        if (unit.getKeywordLocation().endsWith("/additionalProperties")) {
            return "is not a known field";
        }
        if (unit.getKeywordLocation().endsWith("/maxProperties")) {
            return unit.getError().replaceFirst("^Instance does not have at least ", "must have at most ");
        }
        return unit.getError()
                .replaceFirst("^Instance does not have required property \"(.*)\"$", "$1" + MISSING)
                .replaceFirst("^Instance does not match any of ", "must be one of ")
                .replaceFirst("^Instance type (\\w+) is invalid. Expected ", "is of type $1, must be ");
    }

    /** The error for a parameter or field that the operation does not have. */
    public static BerthException unknown(String name, Collection<String> known) {
        return invalid(
                name + ": is not a known field; known here: " + (known.isEmpty() ? "none" : String.join(", ", known)));
    }

    public static BerthException repeated(String parameter) {
        return invalid("query parameter '" + parameter + "' is given more than once");
    }

    public static BerthException invalid(String message) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, message);
    }
}

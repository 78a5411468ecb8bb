package dev.berth.http;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;

/** Says in a client's words what the contract's validator found. */
final class Validation {
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
        return invalid(e instanceof ValidatorException ? e.getMessage() : "the body is not well-formed JSON");
    }

    /** The deepest finding is the most telling one. */
    private static String explain(SchemaValidationException e) {
        OutputUnit deepest = e.getOutputUnit().getErrors().stream()
                .reduce((a, b) -> depth(b) >= depth(a) ? b : a)
                .orElseThrow();
        String field = deepest.getInstanceLocation().replaceFirst("^#?/?", "").replace('/', '.');
        return field.isEmpty() ? e.getMessage() : field + ": " + deepest.getError();
    }

    private static long depth(OutputUnit unit) {
        return unit.getInstanceLocation().chars().filter(c -> c == '/').count();
    }

    static BerthException invalid(String message) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, message);
    }
}

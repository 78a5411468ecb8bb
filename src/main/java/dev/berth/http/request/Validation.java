package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Misspelling;
import dev.berth.protocol.Truncation;
import io.vertx.json.schema.OutputUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Words the validator's errors for clients. */
public final class Validation {
    private static final int MAX_FIELD_CHARS = 200;
    /** Bounds the search: there may be an error for each of thousands of entries. */
    private static final int MAX_ERRORS = 1_000;

    /** More than the contract's schemas are nested, so that the part of the body decides first. */
    private static final long MAX_DEPTH = 1_000;

    private static final String MISSING = ": is missing";

    private Validation() {}

    /**
     * Nested schemas each report an error: that of the innermost part of the body says most, and a misspelt field explains a missing one.
     *
     * @param known gives the fields that there are in a part of the body, which is named by the path to it
     */
    static BerthException explain(OutputUnit judged, Function<List<String>, Collection<String>> known) {
        OutputUnit innermost = judged.getErrors().stream()
                .limit(MAX_ERRORS)
                .reduce((a, b) -> weight(b) > weight(a) ? b : a)
                .orElseThrow();
        List<String> path = List.of(
                innermost.getInstanceLocation().replaceFirst("^#?/?", "").split("/"));
        String field = Truncation.cut(String.join(".", path), MAX_FIELD_CHARS);
        return isUnknown(innermost)
                ? unknown(field, known.apply(path.subList(0, path.size() - 1)))
                : invalid(message(field, plainly(innermost)));
    }

    private static long weight(OutputUnit unit) {
        long depth = MAX_DEPTH * slashes(unit.getInstanceLocation()) + slashes(unit.getKeywordLocation());
        return 2 * depth + (isUnknown(unit) ? 1 : 0);
    }

    private static long slashes(String location) {
        return location.chars().filter(c -> c == '/').count();
    }

    private static boolean isUnknown(OutputUnit unit) {
        return unit.getKeywordLocation().endsWith("/additionalProperties");
    }

    /** A missing field is named with its path. */
    private static String message(String field, String what) {
        if (what.endsWith(MISSING)) {
            return field.isEmpty() ? what : field + "." + what;
        }
        return (field.isEmpty() ? "the body" : field) + ": " + what;
    }

    private static String plainly(OutputUnit unit) {
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
        String last = name.substring(name.lastIndexOf('.') + 1);
        String meant = Misspelling.nearest(last, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        String all = known.isEmpty() ? "none" : String.join(", ", known);
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT, name + ": is not a known field" + meant, "known here: " + all);
    }

    /**
     * An error about the contract's form of a request, for a client that gave another form.
     *
     * @param names of the contract's fields, and what they are called there
     */
    public static Throwable renamed(Throwable e, Map<String, String> names) {
        if (!(e instanceof BerthException wrong && ErrorCode.INVALID_ARGUMENT.isOf(e))) {
            return e;
        }
        String message = wrong.getMessage();
        for (Map.Entry<String, String> name : names.entrySet()) {
            message = message.replace(name.getKey(), name.getValue());
        }
        return new BerthException(wrong.code(), message, wrong.hint().orElse(""));
    }

    public static BerthException invalid(String message) {
        return new BerthException(ErrorCode.INVALID_ARGUMENT, message);
    }
}

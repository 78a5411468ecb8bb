package dev.berth.agent;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.json.schema.JsonFormatValidator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The regular expressions of a schema, as formats of their own: the validator would match them by backtracking, which may take for ever.
 * RE2 takes a time that grows with the text and the expression only.
 */
final class Expressions implements JsonFormatValidator {
    private static final int MAX_CHARS = 500;
    private static final int MAX_SIZE = 1_000;
    private static final String FORMAT = "pattern ";

    private final Map<String, Pattern> patterns = new HashMap<>();
    private final LongConsumer work;

    /** @param work is told how much each match may take at most: states of the expression for each character */
    Expressions(LongConsumer work) {
        this.work = work;
    }

    /** The format that stands for an expression. Throws {@link BerthException} where it can't be matched. */
    String format(String expression) {
        if (expression.length() > MAX_CHARS) {
            throw refused(expression, "is longer than " + MAX_CHARS + " characters");
        }
        patterns.computeIfAbsent(FORMAT + expression, format -> compiled(expression));
        return FORMAT + expression;
    }

    private static Pattern compiled(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            if (pattern.programSize() > MAX_SIZE) {
                throw refused(expression, "is too large; use shorter repetitions");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw refused(
                    expression,
                    "can't be checked: " + e.getDescription() + " (look-around and back references are not supported)");
        }
    }

    private static BerthException refused(String expression, String why) {
        return new BerthException(
                ErrorCode.INVALID_ARGUMENT, "schema's pattern '" + Truncation.ellipsis(expression, 100) + "' " + why);
    }

    @Override
    public String validateFormat(String instanceType, String format, Object instance) {
        Pattern pattern = patterns.get(format);
        if (pattern == null) {
            return JsonFormatValidator.DEFAULT_VALIDATOR.validateFormat(instanceType, format, instance);
        }
        if (!(instance instanceof String text)) {
            return null;
        }
        work.accept((long) pattern.programSize() * (text.length() + 1));
        return pattern.matcher(text).find() ? null : "does not match the " + format;
    }
}

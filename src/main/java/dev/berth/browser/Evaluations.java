package dev.berth.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionCommand.Evaluate;
import dev.berth.protocol.SessionReply.EvaluationResult;
import io.webfolder.cdp.exception.CommandException;
import io.webfolder.cdp.session.Session;
import io.webfolder.cdp.type.runtime.EvaluateResult;
import io.webfolder.cdp.type.runtime.ExceptionDetails;
import io.webfolder.cdp.type.runtime.RemoteObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs a client's script, and turns what it gave into JSON. */
final class Evaluations {
    private static final Pattern HALF_CHARACTER = Pattern.compile(
            "[\\x{D800}-\\x{DBFF}](?![\\x{DC00}-\\x{DFFF}])|(?<![\\x{D800}-\\x{DBFF}])[\\x{DC00}-\\x{DFFF}]");
    private static final double MAX_SAFE_INTEGER = 9_007_199_254_740_991.0;

    /** By how much Chrome's clock and this one may differ. */
    private static final long CLOCK_MILLIS = 50;

    private Evaluations() {}

    /** On the lane's thread. Chrome itself ends a script that takes too long. */
    static EvaluateResult evaluate(Session session, Evaluate command) {
        double timeout = command.timeoutMillis();
        Deadline deadline = new Deadline(command.timeoutMillis());
        try {
            return session.getCommand()
                    .getRuntime()
                    .evaluate(command.expression(), null, false, true, null, true, false, true, true, null, timeout);
        } catch (CommandException e) {
            // It says "Internal error" of a script that it ended.
            throw deadline.left() <= CLOCK_MILLIS ? Failures.timeout("the script", command.timeoutMillis()) : e;
        }
    }

    /** Fails where the script threw. */
    static EvaluationResult result(EvaluateResult evaluated) {
        if (evaluated.getExceptionDetails() != null) {
            throw Failures.failed("script threw: " + thrown(evaluated.getExceptionDetails()));
        }
        RemoteObject value = evaluated.getResult();
        // NaN, Infinity, -0 and bigints have no JSON form: their JavaScript notation, as a string.
        Object json = value.getUnserializableValue() != null ? value.getUnserializableValue() : plain(value.getValue());
        try {
            return new EvaluationResult(escapeHalves(ProtocolJson.MAPPER.writeValueAsString(json)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON value has no JSON form", e);
        }
    }

    /** JavaScript's strings may hold half a character, which UTF-8 has no form for: JSON's escape has. */
    private static String escapeHalves(String json) {
        return HALF_CHARACTER
                .matcher(json)
                .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)));
    }

    private static String thrown(ExceptionDetails details) {
        RemoteObject exception = details.getException();
        if (exception == null) {
            return details.getText();
        }
        return exception.getDescription() != null ? exception.getDescription() : String.valueOf(exception.getValue());
    }

    /** cdp4j reads every number as a double; whole ones are written without a fraction, as JavaScript does. */
    private static Object plain(Object value) {
        if (value instanceof Double number) {
            boolean whole = number % 1 == 0 && Math.abs(number) <= MAX_SAFE_INTEGER;
            return whole ? (Object) number.longValue() : number;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Evaluations::plain).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(String.valueOf(key), plain(member)));
            return copy;
        }
        return value;
    }
}

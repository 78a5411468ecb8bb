package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * The form that WebDriver has for errors.
 *
 * @param ofNewSession whether the request was for a new session: the standard has one code for all that prevents one
 */
public record DriverProblem(boolean ofNewSession) implements Problem.Form {
    @Override
    public Buffer body(int status, BerthException problem) {
        String message =
                problem.getMessage() + problem.hint().map(hint -> "; " + hint).orElse("");
        JsonObject value = new JsonObject()
                .put("error", code(problem.code()))
                .put("message", message)
                .put("stacktrace", "");
        return new JsonObject().put("value", value).toBuffer();
    }

    private String code(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> "invalid argument";
            case METHOD_NOT_ALLOWED -> "unknown method";
            default -> ofNewSession ? "session not created" : ofCommand(code);
        };
    }

    private static String ofCommand(ErrorCode code) {
        return switch (code) {
            case SESSION_NOT_FOUND, SESSION_ENDED -> "invalid session id";
            case NOT_FOUND -> "unknown command";
            case TIMEOUT -> "timeout";
            default -> "unknown error";
        };
    }

    @Override
    public String contentType() {
        return "application/json; charset=utf-8";
    }

    /** Clients in Java send the key of their URL only where they are asked for it so. */
    @Override
    public String challenge() {
        return "Basic realm=\"Berth\", charset=\"UTF-8\"";
    }
}

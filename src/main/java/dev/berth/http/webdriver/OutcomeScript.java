package dev.berth.http.webdriver;

import dev.berth.http.request.Validation;
import dev.berth.protocol.ReportCommand.ChangedTimeouts;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionLabels.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The outcome of a test, which clients of WebDriver report by a script that no page gets: {@code berth:outcome=failed}, and the reason as the
 * first argument of the script.
 */
final class OutcomeScript {
    private static final String BEGINS = "berth:";
    private static final String OUTCOME = BEGINS + "outcome=";
    /** Longer scripts are for the page, and are not parsed here. */
    private static final int MAX_BYTES = 16 << 10;

    private OutcomeScript() {}

    /**
     * Empty for any other command. Throws where a script begins with {@code berth:} and reports no outcome.
     *
     * @param path of the command, below the session
     */
    static Optional<UpdateSession> read(String path, Buffer body) {
        if (!path.equals("/execute/sync") || body.length() > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            JsonObject given = new JsonObject(body);
            return given.getValue("script") instanceof String script && script.startsWith(BEGINS)
                    ? Optional.of(update(script, reason(given.getValue("args"))))
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty(); // chromedriver refuses it
        }
    }

    private static Optional<String> reason(Object arguments) {
        return arguments instanceof JsonArray given && !given.isEmpty()
                ? Optional.of(String.valueOf(given.getValue(0)))
                : Optional.empty();
    }

    private static UpdateSession update(String script, Optional<String> reason) {
        Outcome outcome = Stream.of(Outcome.values())
                .filter(each -> each != Outcome.UNKNOWN)
                .filter(each -> script.strip().equals(OUTCOME + each.wireName()))
                .findFirst()
                .orElseThrow(() -> Validation.invalid("script: a script for Berth must be " + OUTCOME + "VALUE, with "
                        + Stream.of(Outcome.values())
                                .filter(each -> each != Outcome.UNKNOWN)
                                .map(Outcome::wireName)
                                .collect(Collectors.joining(", "))));
        return new UpdateSession(Optional.empty(), Optional.of(outcome), reason, Map.of(), ChangedTimeouts.NONE);
    }
}

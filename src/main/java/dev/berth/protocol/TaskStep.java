package dev.berth.protocol;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One step of an AI task: a tool that its model called.
 *
 * @param number from 1 on
 * @param at when it began
 * @param arguments JSON values, without secrets; each text cut at 4,096 characters
 * @param reason why the model did it, in its words
 * @param error why it failed
 * @param actionId of its entry in the session's action log
 * @param duration milliseconds
 * @param cost of deciding on it
 */
public record TaskStep(
        int number,
        Instant at,
        String tool,
        Map<String, Object> arguments,
        boolean success,
        Optional<String> reason,
        Optional<String> error,
        Optional<String> actionId,
        long duration,
        Cost cost) {
    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_REASON_CHARS = 500;

    public TaskStep {
        Require.within("number", number, 1, Integer.MAX_VALUE);
        Require.present("at", at);
        tool = Truncation.cut(Require.present("tool", tool), MAX_NAME_CHARS);
        arguments = BoundedDetails.of(Require.present("arguments", arguments));
        reason = Require.present("reason", reason).map(text -> Truncation.marked(text, MAX_REASON_CHARS));
        error = Require.present("error", error)
                .map(why -> Truncation.marked(UrlCredentials.redact(why), BoundedDetails.MAX_TEXT_CHARS));
        actionId = Require.present("actionId", actionId).map(id -> Truncation.cut(id, MAX_NAME_CHARS));
        Require.within("duration", duration, 0, Long.MAX_VALUE);
        Require.present("cost", cost);
    }
}

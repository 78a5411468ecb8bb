package dev.berth.protocol;

import dev.berth.protocol.SessionLabels.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client reports of its work in a session. Answered once Postgres has it; fails with {@link ErrorCode#UNAVAILABLE} while Postgres
 * does not answer. The same can be reported of a session that has ended, over HTTP.
 *
 * @param <R> its reply
 */
public sealed interface ReportCommand<R extends SessionReply> extends SessionCommand<R> {

    /**
     * Changes what is said of a session; what is absent stays. See {@link SessionLabels}.
     *
     * @param name an empty one removes the name
     * @param outcome replaces an earlier one and its reason
     * @param outcomeReason comes with an outcome only
     * @param metadata labels to be set; an empty value of the map removes the label
     * @param timeouts of a live session
     */
    record UpdateSession(
            Optional<String> name,
            Optional<Outcome> outcome,
            Optional<String> outcomeReason,
            Map<String, Optional<String>> metadata,
            ChangedTimeouts timeouts)
            implements ReportCommand<SessionReply.SessionDescription> {
        public UpdateSession {
            name = Require.present("name", name)
                    .map(text -> SessionLabels.name(Optional.of(text)).orElse(""));
            Require.present("outcome", outcome);
            outcomeReason = Require.present("outcomeReason", outcomeReason)
                    .map(why -> PlainText.lines(UrlCredentials.redact(why), SessionLabels.MAX_REASON_CHARS))
                    .filter(why -> !why.isBlank());
            if (outcomeReason.isPresent() && outcome.isEmpty()) {
                throw BerthException.invalid("outcomeReason needs an outcome; give both");
            }
            metadata = Require.entries("metadata", metadata);
            Map<String, String> set = new HashMap<>();
            metadata.forEach((label, value) -> set.put(label, value.orElse("")));
            CreateSession.requireLabels(set);
            Require.present("timeouts", timeouts);
            if (name.isEmpty() && outcome.isEmpty() && metadata.isEmpty() && !timeouts.some()) {
                throw BerthException.invalid("the body must have name, outcome, metadata or timeouts");
            }
        }
    }

    /**
     * Timeouts of a live session that change; what is absent stays.
     *
     * @param idle milliseconds without a command
     * @param lifetime milliseconds from the session's creation: it must not be over yet
     */
    record ChangedTimeouts(Optional<Long> idle, Optional<Long> lifetime) {
        public static final ChangedTimeouts NONE = new ChangedTimeouts(Optional.empty(), Optional.empty());

        public ChangedTimeouts {
            require("timeouts.idle", idle);
            require("timeouts.lifetime", lifetime);
        }

        private static void require(String field, Optional<Long> millis) {
            Require.present(field, millis)
                    .ifPresent(value -> Require.within(
                            field,
                            value,
                            SessionOptions.SessionTimeouts.MIN_MILLIS,
                            SessionOptions.SessionTimeouts.MAX_MILLIS));
        }

        public boolean some() {
            return idle.isPresent() || lifetime.isPresent();
        }
    }

    /** Adds steps to a session's story, in this order. A step whose id the session has already changes nothing. */
    record AddSteps(List<StepEntry> steps) implements ReportCommand<StepsAdded> {
        public static final int MAX_STEPS = 500;

        public AddSteps {
            steps = Require.elements("steps", steps, 1, MAX_STEPS);
            Set<String> ids = new HashSet<>();
            steps.forEach(step -> {
                if (!ids.add(step.stepId())) {
                    throw BerthException.invalid(
                            "steps must have distinct stepIds, not two of '" + step.stepId() + "'");
                }
            });
        }
    }

    /**
     * The reply to {@link AddSteps}.
     *
     * @param added how many were new
     */
    record StepsAdded(int added) implements SessionReply {}
}

package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Optional;

/**
 * What a client says of its session: what the session is for, and how that went. Berth keeps and shows it, and takes no other meaning from
 * it than {@link Outcome#keepsRecording}.
 *
 * @param name such as the title of a test; at most {@value #MAX_NAME_CHARS} characters
 * @param outcomeReason such as the message of the assertion that failed; of the latest outcome, at most {@value #MAX_REASON_CHARS}
 *     characters
 * @param metadata the client's own labels
 */
public record SessionLabels(
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> name,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Outcome> outcome,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> outcomeReason,
        Map<String, String> metadata) {
    static final int MAX_NAME_CHARS = 500;
    static final int MAX_REASON_CHARS = 4_000;

    public SessionLabels {
        metadata = Map.copyOf(metadata);
    }

    /** The name as it is kept: on one line, and cut. A blank one is none. */
    static Optional<String> name(Optional<String> given) {
        return Require.present("name", given)
                .map(text -> PlainText.line(text, MAX_NAME_CHARS))
                .filter(text -> !text.isEmpty());
    }

    /** How the work ended that a session was for. */
    public enum Outcome {
        PASSED("passed"),
        FAILED("failed"),
        /** The work took longer than its client allows. */
        TIMED_OUT("timedOut"),
        SKIPPED("skipped"),
        /** The client was stopped before the work was done. */
        INTERRUPTED("interrupted"),
        /** An outcome that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN("unknown");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        /** Whether a session that is recorded for failures only keeps its recordings. */
        public boolean keepsRecording() {
            return this == FAILED || this == TIMED_OUT || this == UNKNOWN;
        }

        @JsonValue
        public String wireName() {
            return wireName;
        }
    }
}

package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of an AI task. The last four are final. */
public enum TaskStatus {
    /** Accepted; its session does not run yet. */
    STARTING(false),
    /** It waits for its turn. */
    PENDING(false),
    /** The model decides or its session acts. */
    RUNNING(false),
    /** It has asked a person and waits for the answer. */
    WAITING(false),
    /** It did what the instruction asks. */
    COMPLETED(true),
    /** It gave up, reached a limit of steps or cost, or its model, session or node failed. */
    FAILED(true),
    /** It reached its longest time. */
    TIMEOUT(true),
    /** A client cancelled it. */
    CANCELLED(true);

    private final boolean ended;

    TaskStatus(boolean ended) {
        this.ended = ended;
    }

    public boolean ended() {
        return ended;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status whose {@link #wireName()} is {@code text}. */
    public static Optional<TaskStatus> parse(String text) {
        return Stream.of(values()).filter(s -> s.wireName().equals(text)).findFirst();
    }
}

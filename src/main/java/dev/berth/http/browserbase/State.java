package dev.berth.http.browserbase;

import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Browserbase's states of sessions, in its words. */
enum State {
    PENDING,
    RUNNING,
    /** Failed, by itself or by its node. */
    ERROR,
    /** Ended by its own timeouts. */
    TIMED_OUT,
    COMPLETED;

    static State of(SessionStatus status, Optional<EndReason> end) {
        return end.map(State::of).orElse(status == SessionStatus.CREATING ? PENDING : RUNNING);
    }

    private static State of(EndReason end) {
        return switch (end) {
            case IDLE_TIMEOUT, MAX_LIFETIME -> TIMED_OUT;
            default -> end.terminalStatus(SessionStatus.RUNNING) == SessionStatus.FAILED ? ERROR : COMPLETED;
        };
    }

    /** The status of live sessions that are in this state; empty for a state of ended ones. */
    Optional<SessionStatus> live() {
        return switch (this) {
            case PENDING -> Optional.of(SessionStatus.CREATING);
            case RUNNING -> Optional.of(SessionStatus.RUNNING);
            default -> Optional.empty();
        };
    }

    /** Why sessions in this state have ended; empty for a state of live ones. */
    Set<EndReason> ends() {
        return live().isPresent()
                ? Set.of()
                : Stream.of(EndReason.values()).filter(end -> of(end) == this).collect(Collectors.toSet());
    }
}

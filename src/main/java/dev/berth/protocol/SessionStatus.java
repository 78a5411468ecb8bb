package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of a session. Terminal states are final. */
public enum SessionStatus {
    /** Accepted; its Chrome is not up yet. */
    CREATING(false),
    /** The session's Chrome is up and takes commands. */
    RUNNING(false),
    /** The session ended as intended. */
    COMPLETED(true),
    /** The session ended by a fault: see {@link EndReason}. */
    FAILED(true),
    /** The session was ended before its work was done. */
    CANCELLED(true);

    private final boolean terminal;

    SessionStatus(boolean terminal) {
        this.terminal = terminal;
    }

    public boolean terminal() {
        return terminal;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status whose {@link #wireName()} is {@code text}. */
    public static Optional<SessionStatus> parse(String text) {
        return Stream.of(values()).filter(s -> s.wireName().equals(text)).findFirst();
    }

    /** Why a session ended, and the status that this gives it. */
    public enum EndReason {
        /** A client asked for it. */
        CLIENT(SessionStatus.COMPLETED),
        /** An admin asked for it. */
        ADMIN(SessionStatus.CANCELLED),
        /** The session's AI task is done. */
        TASK_FINISHED(SessionStatus.COMPLETED),
        /** The session's AI task failed. */
        TASK_FAILED(SessionStatus.FAILED),
        /** The session's AI task was cancelled. */
        TASK_CANCELLED(SessionStatus.CANCELLED),
        /** No client used it for {@code options.timeouts.idle}. */
        IDLE_TIMEOUT(SessionStatus.COMPLETED),
        /** The session reached {@code options.timeouts.lifetime}. */
        MAX_LIFETIME(SessionStatus.COMPLETED),
        /** The session's CDP client left and did not come back in time. */
        CLIENT_DISCONNECTED(SessionStatus.COMPLETED),
        /** The session's Chrome died by itself. */
        BROWSER_CRASHED(SessionStatus.FAILED),
        /** The session's chromedriver died by itself, or did not answer. */
        DRIVER_CRASHED(SessionStatus.FAILED),
        /** The session's Chrome did not start. */
        LAUNCH_FAILED(SessionStatus.FAILED),
        /** The session's server was shut down in an orderly way. */
        NODE_DRAINED(SessionStatus.CANCELLED),
        /**
         * The session's server died, or the others did not hear it: then the end that the server reports when it comes back replaces this
         * one.
         */
        NODE_LOST(SessionStatus.FAILED),
        /** The session's AI task has used up its budget. */
        BUDGET_EXHAUSTED(SessionStatus.FAILED),
        /** The session's Chrome was above its memory limit at one of the measurements, which are made once a second. */
        OUT_OF_MEMORY(SessionStatus.FAILED),
        /** The session exceeded its disk limit, or used most of a disk that was full. */
        DISK_FULL(SessionStatus.FAILED),
        /** A reason that only a newer version knows. */
        @JsonEnumDefaultValue
        UNKNOWN(SessionStatus.FAILED);

        private final SessionStatus statusWhenRunning;

        EndReason(SessionStatus statusWhenRunning) {
            this.statusWhenRunning = statusWhenRunning;
        }

        /** The terminal status of a session that ends for this reason in status {@code current}. */
        public SessionStatus terminalStatus(SessionStatus current) {
            boolean neverRan = current == SessionStatus.CREATING;
            return neverRan && statusWhenRunning == SessionStatus.COMPLETED
                    ? SessionStatus.CANCELLED
                    : statusWhenRunning;
        }

        /** The text that tells a client of the end. */
        public String message() {
            return "the session ended: " + wireName();
        }

        /** The error for commands to a session that has ended. */
        public BerthException refusal() {
            return new BerthException(ErrorCode.SESSION_ENDED, message());
        }

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The health of a session's browser. */
    public enum Health {
        /** The page responds. */
        HEALTHY,
        /** Chrome responds but its page does not, or Chrome is not up yet. */
        DEGRADED,
        /** Chrome does not respond, or is gone. */
        UNHEALTHY;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package dev.berth.http;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a socket is closed: the code, and the text in the frame. */
record CloseReason(int code, String text) {
    private static final Logger log = LoggerFactory.getLogger(CloseReason.class);

    static final int BAD_REQUEST = 4000;
    static final int UNAUTHENTICATED = 4001;
    static final int FORBIDDEN = 4003;
    static final int UNKNOWN = 4004;
    static final int TIMED_OUT = 4008;
    static final int ENDED = 4010;
    static final int TRY_AGAIN_LATER = 1013;
    private static final int INTERNAL = 1011;

    /** For a client that is there when the session ends. */
    static CloseReason of(EndReason end) {
        int code =
                switch (end) {
                    case CLIENT -> 1000;
                    case IDLE_TIMEOUT, MAX_LIFETIME -> TIMED_OUT;
                    default -> ENDED;
                };
        return new CloseReason(code, text(end));
    }

    /** For a client that comes when the session is over; {@code end} is empty where its node is lost. */
    static CloseReason over(Optional<EndReason> end) {
        return new CloseReason(ENDED, end.map(CloseReason::text).orElse("the session's node does not answer"));
    }

    private static String text(EndReason end) {
        return "the session ended: " + end.wireName();
    }

    /** For a client that is not let in. */
    static CloseReason of(Throwable e) {
        if (e instanceof BerthException known) {
            return new CloseReason(code(known.code()), known.getMessage());
        }
        log.error("a socket could not be opened", e);
        return new CloseReason(INTERNAL, "the server failed");
    }

    private static int code(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, AI_NOT_CONFIGURED -> BAD_REQUEST;
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case FORBIDDEN -> FORBIDDEN;
            case SESSION_NOT_FOUND -> UNKNOWN;
            case TIMEOUT -> TIMED_OUT;
            case SESSION_ENDED -> ENDED;
            case CAPACITY, LIMIT_REACHED, NOT_READY -> TRY_AGAIN_LATER;
            default -> INTERNAL;
        };
    }
}

package dev.berth.websocket;

import dev.berth.protocol.SessionStatus.EndReason;

/** Why a socket is closed: the code and the text of the close frame. */
public record CloseReason(int code, String text) {
    static final int TIMED_OUT = 4008;
    public static final int ENDED = 4010;
    public static final int TRY_AGAIN_LATER = 1013;
    public static final int FORBIDDEN = 4003;
    public static final CloseReason KEY_REVOKED = new CloseReason(FORBIDDEN, "the API key was revoked or has expired");

    public static CloseReason of(EndReason end) {
        int code =
                switch (end) {
                    case CLIENT -> 1000;
                    case IDLE_TIMEOUT, MAX_LIFETIME -> TIMED_OUT;
                    default -> ENDED;
                };
        return new CloseReason(code, end.message());
    }
}

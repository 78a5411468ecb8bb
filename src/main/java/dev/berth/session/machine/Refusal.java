package dev.berth.session.machine;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionStatus;
import java.util.Optional;

/** Why a session refuses a command that needs its browser. */
final class Refusal {
    private Refusal() {}

    static Optional<BerthException> of(SessionState state) {
        Optional<EndReason> reason = state.life().endReason();
        if (reason.isPresent()) {
            return reason.map(EndReason::refusal);
        }
        return state.life().status() == SessionStatus.RUNNING ? Optional.empty() : Optional.of(notRunning());
    }

    private static BerthException notRunning() {
        return new BerthException(
                ErrorCode.SESSION_NOT_RUNNING, "the session is still being created; try again in a moment");
    }
}

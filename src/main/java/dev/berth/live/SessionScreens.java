package dev.berth.live;

import dev.berth.protocol.SessionId;
import java.util.Optional;

/** The screens of this node's running sessions. For any thread. */
public interface SessionScreens {
    /** Empty where the session does not run on this node. */
    Optional<SessionScreen> find(SessionId id);
}

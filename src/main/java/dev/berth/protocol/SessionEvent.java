package dev.berth.protocol;

import java.time.Instant;

/** Something that happened in a session, published on {@link Addresses#events}, in order. */
public sealed interface SessionEvent {
    SessionId sessionId();

    /** Its Chrome is up. Also on {@link Addresses#SESSIONS}. */
    record SessionStarted(SessionId sessionId, Instant timestamp) implements SessionEvent {}

    /** A top-level page has committed a document. */
    record PageNavigated(SessionId sessionId, NavigationEntry navigation) implements SessionEvent {}

    /** An action is over and in the log. */
    record ActionPerformed(SessionId sessionId, ActionEntry action) implements SessionEvent {}

    /** The console has one more line. */
    record ConsoleLogged(SessionId sessionId, ConsoleEntry entry) implements SessionEvent {}

    /** A request has finished or failed. */
    record RequestFinished(SessionId sessionId, NetworkEntry entry) implements SessionEvent {}

    /** An artifact is safe. */
    record ArtifactStored(SessionId sessionId, ArtifactEntry artifact) implements SessionEvent {}

    /** It is over: Chrome is gone and its logs are safe. Also on {@link Addresses#SESSIONS}. */
    record SessionEnded(SessionId sessionId, SessionStatus status, EndReason reason, Instant timestamp)
            implements SessionEvent {}
}

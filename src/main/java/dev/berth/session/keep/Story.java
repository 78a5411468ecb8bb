package dev.berth.session.keep;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;

/** Publishes the entries of one session's story: each when it is kept. On the session's context. */
public final class Story {
    private final Vertx vertx;
    private final SessionId id;

    public Story(Vertx vertx, SessionId id) {
        this.vertx = vertx;
        this.id = id;
    }

    /** Tells of what is kept. */
    public void tell(SessionEvent event) {
        vertx.eventBus().publish(Addresses.events(id), event);
        if (event instanceof SessionEvent.Lifecycle) {
            vertx.eventBus().publish(Addresses.SESSIONS, event);
        }
    }
}

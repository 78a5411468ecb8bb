package dev.berth.session.keep;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;

/** Publishes the events of one session's story, each once its entry is kept. Runs on the session's context. */
public final class Story {
    private final Vertx vertx;
    private final SessionId id;

    public Story(Vertx vertx, SessionId id) {
        this.vertx = vertx;
        this.id = id;
    }

    /** Publishes an event whose entry is kept. */
    public void tell(SessionEvent event) {
        vertx.eventBus().publish(Addresses.events(id), event);
        if (event instanceof SessionEvent.Lifecycle) {
            vertx.eventBus().publish(Addresses.SESSIONS, event);
        }
    }
}

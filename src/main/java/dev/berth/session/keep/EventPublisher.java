package dev.berth.session.keep;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;

/** Publishes the events of one session's story, each once its entry is kept. Runs on the session's context. */
public final class EventPublisher {
    private final Vertx vertx;
    private final SessionId id;
    private final DeliveryOptions toOwner = new DeliveryOptions();

    /** @param user the owner of the session */
    public EventPublisher(Vertx vertx, SessionId id, long user) {
        this.vertx = vertx;
        this.id = id;
        Envelope.EMPTY.with(user).writeTo(toOwner);
    }

    /** Publishes an event whose entry is kept. */
    public void tell(SessionEvent event) {
        Publishing.publish(vertx, Addresses.events(id), event);
        if (event instanceof SessionEvent.Lifecycle) {
            Publishing.publish(vertx, Addresses.SESSIONS, event, toOwner);
        }
    }
}

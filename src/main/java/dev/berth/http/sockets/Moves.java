package dev.berth.http.sockets;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when a session that waited on this node goes to another one. */
record Moves(Vertx vertx) {
    private static final Logger log = LoggerFactory.getLogger(Moves.class);

    /**
     * @param moved called on the caller's context
     * @return ends it
     */
    Runnable watch(SessionId id, Runnable moved) {
        MessageConsumer<Object> consumer = vertx.eventBus().localConsumer(Addresses.moved(id), told -> moved.run());
        return () -> consumer.unregister().onFailure(e -> log.debug("{} {}", id, e.toString()));
    }
}

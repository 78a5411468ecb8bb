package dev.berth.protocol;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes messages to all who listen on an address, on whichever node, at most once. */
public final class Publishing {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);

    private Publishing() {}

    public static void publish(Vertx vertx, String address, Object event) {
        publish(vertx, address, event, new DeliveryOptions());
    }

    /**
     * Does not throw where a node is not reached: who misses an event there catches up by what is kept.
     *
     * @param options as for the bus
     */
    public static void publish(Vertx vertx, String address, Object event, DeliveryOptions options) {
        try {
            vertx.eventBus().publish(address, event, options);
        } catch (IllegalStateException e) {
            // The bus has one promise for all nodes, and fails it for each that it can't write to.
            log.debug("an event on {} did not reach all nodes: {}", address, e.toString());
        }
    }
}

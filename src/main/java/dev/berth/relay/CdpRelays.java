package dev.berth.relay;

import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/** Joins CDP clients with sessions. For one event loop, on which it is made. */
public final class CdpRelays {
    private final Vertx vertx;
    private final ChromeEnds chromes;
    private final BatchScheduling scheduling;

    public CdpRelays(Vertx vertx, ChromeEnds chromes) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.scheduling = BatchScheduling.ofThisThread(vertx);
    }

    /**
     * A client that is about to get its socket; nobody knows of it yet.
     *
     * @param sessions as this client may ask them
     */
    public RelayedClient client(SessionClient sessions, SessionId id) {
        CdpLink link = new CdpLink((ContextInternal) vertx.getOrCreateContext(), sessions, id);
        return new RelayedClient(vertx, link, chromes, scheduling);
    }

    /** Completes when nothing that this changed of the event loop is under way. */
    public Future<Void> settled() {
        return scheduling.settled();
    }
}

package dev.berth.cdpclient;

import dev.berth.metrics.RelayCounts;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Relays between CDP clients and sessions. For the event loop on which it is made. */
public final class CdpRelays {
    private final Vertx vertx;
    private final ChromeEnds chromes;
    private final BatchScheduling scheduling;
    private final RelayCounts counts;

    public CdpRelays(Vertx vertx, ChromeEnds chromes, RelayCounts counts) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.counts = counts;
        this.scheduling = BatchScheduling.ofThisThread(vertx);
    }

    /**
     * A client that does not have its socket yet. Has no effect on the session before {@link RelayedClient#open}.
     *
     * @param sessions a client of the bus with the rights of this client
     */
    public RelayedClient client(SessionClient sessions, SessionId id) {
        CdpLink link = new CdpLink(vertx.getOrCreateContext(), sessions, id);
        return new RelayedClient(vertx, link, chromes, scheduling, counts);
    }

    /** Completes when no change to the event loop's scheduling is under way. */
    public Future<Void> settled() {
        return scheduling.settled();
    }
}

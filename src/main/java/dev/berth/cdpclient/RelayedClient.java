package dev.berth.cdpclient;

import dev.berth.cdpclient.command.CdpPolicy;
import dev.berth.metrics.RelayCounts;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A CDP client of a session, from its request until the session knows that it has left. It may leave at any time. On the event
 * loop of its socket.
 */
public final class RelayedClient {
    private final Vertx vertx;
    private final CdpLink link;
    private final ChromeEnds chromes;
    private final BatchScheduling scheduling;
    private final RelayCounts counts;
    private Optional<Joint> joint = Optional.empty();
    private Optional<CdpRelay> relay = Optional.empty();
    private boolean left;

    RelayedClient(Vertx vertx, CdpLink link, ChromeEnds chromes, BatchScheduling scheduling, RelayCounts counts) {
        this.vertx = vertx;
        this.link = link;
        this.chromes = chromes;
        this.scheduling = scheduling;
        this.counts = counts;
    }

    /** The opened connection to Chrome. */
    private record Joint(CdpEndpoint endpoint, ChromeEnd chrome) {}

    /**
     * Waits until the session runs, attaches to it, and opens the connection to Chrome. Where it fails, the caller has to call
     * {@link #abandon}.
     */
    public Future<Void> open() {
        return link.listen()
                .compose(listening -> unlessLeft(link::open))
                .compose(endpoint -> unlessLeft(() -> chromes.open(link.id(), endpoint))
                        .compose(chrome -> join(new Joint(endpoint, chrome))));
    }

    private <T> Future<T> unlessLeft(Supplier<Future<T>> next) {
        return left ? gone() : next.get();
    }

    private static <T> Future<T> gone() {
        return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the client left"));
    }

    private Future<Void> join(Joint opened) {
        if (left) {
            opened.chrome().close();
            return gone();
        }
        joint = Optional.of(opened);
        return Future.succeededFuture();
    }

    /** Relays between the client and the opened connection. Completes when that is over and the session has been told. */
    public Future<Void> relay(NetSocket socket) {
        Joint opened = joint.orElseThrow();
        CdpEndpoint endpoint = opened.endpoint();
        CdpRelay begun =
                new CdpRelay(vertx, link, new CdpPolicy(endpoint), endpoint.userId(), socket, opened.chrome(), counts);
        relay = Optional.of(begun);
        scheduling.relayBegins();
        counts.came();
        return begun.start().onComplete(closed -> {
            counts.left();
            scheduling.relayEnds();
        });
    }

    /** Closes the client's socket with a reason. Completes as {@link #relay}. */
    public Future<Void> stop(CloseReason reason) {
        return relay.map(begun -> begun.stop(reason)).orElseGet(Future::succeededFuture);
    }

    /** The client left, or was refused, before it had its socket. May be called again while {@link #open} is under way. */
    public void abandon() {
        left = true;
        joint.ifPresent(opened -> opened.chrome().close());
        joint = Optional.empty();
        link.close();
        link.detach();
    }
}

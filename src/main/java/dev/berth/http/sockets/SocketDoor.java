package dev.berth.http.sockets;

import dev.berth.access.KeySockets;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens WebSockets, whatever they are used for: refuses clients by HTTP, upgrades the others, and closes their sockets when the
 * API key is revoked or the server stops. For the clients of one event loop.
 */
public final class SocketDoor {
    private static final Logger log = LoggerFactory.getLogger(SocketDoor.class);

    private static final long STOP_MILLIS = 1_500;

    private final Context context;
    private final SocketPlaces places;
    private final KeySockets ofKeys;
    private final Explanation explanation;
    private final Predicate<SessionId> here;
    private final Handler<HttpServerRequest> again;
    private final Set<SocketUse> inUse = new HashSet<>();
    /** The requests whose session was found to be on another node. A request that comes back here nevertheless is refused. */
    private final Set<HttpServerRequest> passed = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean stopping;

    /**
     * A client that may open a socket.
     *
     * @param keyId of its API key, or of the key that its token was issued for
     */
    record Admission(long keyId, SessionId session, SocketPlaces.Kind kind, SocketUse use) {
        Admission(long keyId, SessionId session, SocketUse use) {
            this(keyId, session, SocketPlaces.Kind.CLIENT, use);
        }
    }

    /** Finds the error that a refused client gets. */
    @FunctionalInterface
    public interface Explanation {
        /** @param session where the client may know of it */
        Future<BerthException> of(Throwable e, HttpServerRequest request, Optional<SessionId> session);
    }

    /**
     * @param here whether a session is on this node
     * @param again answers the request of a client anew whose session waited, and was claimed by another node
     */
    public SocketDoor(
            Vertx vertx,
            SocketPlaces places,
            KeySockets ofKeys,
            Explanation explanation,
            Predicate<SessionId> here,
            Handler<HttpServerRequest> again) {
        this.here = here;
        this.again = again;
        this.context = vertx.getOrCreateContext();
        this.places = places;
        this.ofKeys = ofKeys;
        this.explanation = explanation;
    }

    /** @param admit fails where the client is refused */
    void open(HttpServerRequest request, Supplier<Future<Admission>> admit) {
        Opening opening = new Opening(request);
        if (stopping) {
            opening.refuse(new BerthException(ErrorCode.NOT_READY, "the server is stopping"));
            return;
        }
        Future<Admission> admitted = Future.succeededFuture().compose(now -> admit.get());
        admitted.compose(admission -> enter(opening, admission)).onFailure(e -> {
            Optional<SessionId> session = Optional.ofNullable(admitted.result()).map(Admission::session);
            if (isElsewhere(e, session) && passed.add(request)) {
                opening.pass(again);
            } else {
                explanation.of(e, request, session).onSuccess(opening::refuse);
            }
        });
    }

    /** A session that waited has answered from the node that claimed it, and its browser is there. */
    private boolean isElsewhere(Throwable e, Optional<SessionId> session) {
        return e instanceof BerthException known
                && known.code() == ErrorCode.UPSTREAM
                && session.filter(here.negate()).isPresent();
    }

    private Future<Void> enter(Opening opening, Admission admission) {
        return places.during(
                        admission.keyId(),
                        admission.kind(),
                        admission.session().value(),
                        () -> opening.open(admission.use()).compose(socket -> {
                            opening.starts();
                            return start(admission, socket);
                        }))
                .onFailure(e -> opening.abandon());
    }

    /** Completes when the use is over, however that ended. */
    private Future<Void> start(Admission admission, NetSocket socket) {
        SocketUse use = admission.use();
        inUse.add(use);
        Future<?> over = Future.succeededFuture()
                .<Object>compose(now -> use.start(socket).mapEmpty());
        Runnable ended = ofKeys.opened(
                admission.keyId(), () -> context.runOnContext(ignored -> use.stop(CloseReason.KEY_REVOKED)));
        over.onFailure(e -> {
            log.error("{} a socket failed", admission.session(), e);
            socket.close();
            use.abandon();
        });
        return over.onComplete(done -> {
                    ended.run();
                    inUse.remove(use);
                })
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Closes all sockets, since the server stops, and refuses new ones. */
    public Future<?> stop() {
        stopping = true;
        List<? extends Future<?>> stopped = List.copyOf(inUse).stream()
                .map(use -> use.stop(CloseReason.of(EndReason.NODE_DRAINED)))
                .toList();
        return Future.join(stopped).timeout(STOP_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }
}

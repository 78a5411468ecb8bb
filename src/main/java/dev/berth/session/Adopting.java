package dev.berth.session;

import dev.berth.history.HandedSession;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the waiting sessions that other nodes gave to this one: those that its rows tell of and that are not here. Which node a
 * session belongs to is the row's word, whoever calls. Runs on the supervisor's context.
 */
final class Adopting {
    private static final Logger log = LoggerFactory.getLogger(Adopting.class);
    /** A row that was read may be of a session that has ended here meanwhile. */
    private static final int MAX_REMEMBERED = 10_000;

    private final ContextInternal context;
    private final SessionHistory.HandOvers rows;
    private final Set<SessionId> held;
    private final Function<HandedSession, Future<?>> deploy;
    private final Set<Handed> known = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Handed, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });
    private Optional<Future<Void>> looking = Optional.empty();
    private Optional<Future<Void>> next = Optional.empty();
    private boolean failed;

    /** The same session may come again, after it went. */
    private record Handed(SessionId id, Optional<Instant> at) {}

    /**
     * @param held the sessions that are here; read only
     * @param deploy completes when the session can be reached; fails where the node may have none now
     */
    Adopting(
            Vertx vertx,
            SessionHistory.HandOvers rows,
            Set<SessionId> held,
            Function<HandedSession, Future<?>> deploy) {
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.rows = rows;
        this.held = held;
        this.deploy = deploy;
    }

    /** Reads the rows, and completes when all that were given before this call can be reached here. */
    Future<Void> look() {
        if (looking.isEmpty()) {
            return begin();
        }
        // The one that is under way may have read the rows before.
        if (next.isEmpty()) {
            Promise<Void> later = context.promise();
            looking.get().onComplete(over -> {
                next = Optional.empty();
                look().onComplete(later);
            });
            next = Optional.of(later.future());
        }
        return next.get();
    }

    /** Whether the last look left sessions out that this node was given, or may have been. */
    boolean hasFailed() {
        return failed;
    }

    private Future<Void> begin() {
        Promise<List<HandedSession>> read = context.promise();
        rows.given().onComplete(read);
        Promise<Void> over = context.promise();
        looking = Optional.of(over.future());
        read.future()
                .compose(this::adopt)
                .onComplete(done -> {
                    looking = Optional.empty();
                    failed = done.failed();
                })
                .onComplete(over);
        return over.future();
    }

    private Future<Void> adopt(List<HandedSession> given) {
        return Future.join(given.stream().map(this::adopt).toList()).mapEmpty();
    }

    private Future<?> adopt(HandedSession session) {
        SessionId id = session.id();
        Handed handed = new Handed(id, session.handedAt());
        if (known.contains(handed)) {
            return Future.succeededFuture();
        }
        if (held.contains(id)) {
            // It went, and is back before its new node has confirmed that it came.
            return Future.failedFuture(
                    new BerthException(ErrorCode.NOT_READY, "the session has not left this node yet"));
        }
        known.add(handed);
        return deploy.apply(session).onFailure(e -> {
            known.remove(handed);
            log.warn("{} came from another node and can't wait here yet, will retry: {}", id, e.getMessage());
        });
    }
}

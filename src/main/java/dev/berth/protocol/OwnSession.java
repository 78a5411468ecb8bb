package dev.berth.protocol;

import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that is made for one client or task only, and ends with that one, even if its creation is still under way then, or timed out
 * and succeeds later. On one context.
 */
public final class OwnSession {
    private static final Logger log = LoggerFactory.getLogger(OwnSession.class);
    /** After this time, a creation that timed out does not succeed any more. */
    private static final long LATE_MILLIS = 15_000;

    private final Vertx vertx;
    private final SessionClient client;
    private final SessionId id;
    private Future<?> making = Future.failedFuture("nobody asked for the session yet");
    private boolean over;

    public OwnSession(Vertx vertx, SessionClient client, SessionId id) {
        this.vertx = vertx;
        this.client = client;
        this.id = id;
    }

    public SessionId id() {
        return id;
    }

    /** Makes the session, once. Fails with {@link ErrorCode#SESSION_ENDED} where its end was asked for before or meanwhile. */
    public <T> Future<T> make(Supplier<Future<T>> creation) {
        if (over) {
            return ended();
        }
        Future<T> made = creation.get();
        making = made;
        return made.compose(done -> over ? ended() : Future.succeededFuture(done));
    }

    private static <T> Future<T> ended() {
        return Future.failedFuture(
                new BerthException(ErrorCode.SESSION_ENDED, "the session was ended before it was created"));
    }

    /** Ends the session, if it is or may be there. Completes when it is over, or can't be ended; never fails. */
    public Future<?> end(EndReason reason) {
        over = true;
        if (!making.isComplete()) {
            return ask(reason).transform(asked -> making).transform(made -> end(reason));
        } else if (making.succeeded()) {
            return ask(reason);
        } else if (ErrorCode.TIMEOUT.isOf(making.cause())) {
            vertx.setTimer(LATE_MILLIS, late -> ask(reason));
            return ask(reason);
        }
        return Future.succeededFuture();
    }

    private Future<?> ask(EndReason reason) {
        return client.ask(id, new EndSession(reason))
                .onFailure(e -> log.debug("{} could not be ended: {}", id, e.getMessage()))
                .otherwiseEmpty();
    }
}

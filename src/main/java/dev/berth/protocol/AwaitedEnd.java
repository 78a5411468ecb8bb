package dev.berth.protocol;

import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;

/**
 * Waits for the end of a session, which may come before the subscription, after it, or at the same time. The event of the end may be
 * lost with the node that was to tell it, so the history is asked every 15 s, too.
 */
final class AwaitedEnd {
    private static final long LOOK_MILLIS = 15_000;

    private final Vertx vertx;
    private final SessionClient client;
    private final SessionId id;
    private final long lookMillis;
    private final Promise<SessionDescription> ended;
    private long timer;

    private AwaitedEnd(Vertx vertx, SessionClient client, SessionId id, long lookMillis) {
        this.vertx = vertx;
        this.client = client;
        this.id = id;
        this.lookMillis = lookMillis;
        this.ended = ((ContextInternal) vertx.getOrCreateContext()).promise();
    }

    /** See {@link SessionClient#whenEnded}. */
    static Future<SessionDescription> of(Vertx vertx, SessionClient client, SessionId id) {
        return of(vertx, client, id, LOOK_MILLIS);
    }

    static Future<SessionDescription> of(Vertx vertx, SessionClient client, SessionId id, long lookMillis) {
        return new AwaitedEnd(vertx, client, id, lookMillis).start();
    }

    private Future<SessionDescription> start() {
        MessageConsumer<SessionEvent> consumer = client.events(id, event -> {
            if (event instanceof SessionEnded) {
                look();
            }
        });
        consumer.completion()
                .compose(listening -> client.describe(id))
                .onSuccess(this::take)
                .onSuccess(now -> lookLater())
                .onFailure(ended::tryFail);
        return ended.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return consumer.unregister();
        });
    }

    private void take(SessionDescription now) {
        if (now.status().terminal()) {
            ended.tryComplete(now);
        }
    }

    /** Looks for the session's end in the history. A look that can't read it fails nothing: the next look may. */
    private Future<?> look() {
        return client.find(id).onSuccess(this::take).onFailure(e -> {
            if (ErrorCode.SESSION_NOT_FOUND.isOf(e)) {
                ended.tryFail(e);
            }
        });
    }

    private void lookLater() {
        if (!ended.future().isComplete()) {
            timer = vertx.setTimer(lookMillis, now -> look().onComplete(looked -> lookLater()));
        }
    }
}

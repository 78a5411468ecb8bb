package dev.berth.protocol;

import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;

/** Waits for the end of a session, which may come before the subscription, after it, or at the same time. */
final class AwaitedEnd {
    private AwaitedEnd() {}

    /** See {@link SessionClient#whenEnded}. */
    static Future<SessionDescription> of(Vertx vertx, SessionClient client, SessionId id) {
        Promise<SessionDescription> ended = ((ContextInternal) vertx.getOrCreateContext()).promise();
        MessageConsumer<SessionEvent> consumer = client.events(id, event -> {
            if (event instanceof SessionEnded) {
                client.find(id).onSuccess(ended::tryComplete).onFailure(ended::tryFail);
            }
        });
        consumer.completion()
                .compose(listening -> client.describe(id))
                .onSuccess(now -> {
                    if (now.status().terminal()) {
                        ended.tryComplete(now);
                    }
                })
                .onFailure(ended::tryFail);
        return ended.future().eventually(consumer::unregister);
    }
}

package dev.berth.protocol;

import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogCommand.UnfollowLogs;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionReply.LogsFollowed;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Set;
import java.util.UUID;

/** Follows the logs of one session until it is closed or the session has ended. Made by {@link SessionClient#followLogs}. */
public final class LogSubscription {
    private final Vertx vertx;
    private final SessionClient client;
    private final SessionId id;
    private final FollowLogs follow;
    private final MessageConsumer<LogAppended> consumer;
    private final Promise<Void> ended = Promise.promise();
    private LogsFollowed begun;
    private long timer = -1;

    private LogSubscription(
            Vertx vertx,
            SessionClient client,
            boolean here,
            SessionId id,
            Set<LogKind> logs,
            Handler<LogAppended> handler) {
        this.vertx = vertx;
        this.client = client;
        this.id = id;
        this.follow = new FollowLogs("follower-" + UUID.randomUUID(), logs);
        String address = Addresses.follower(id, follow.followerId());
        Handler<Message<LogAppended>> listener = message -> {
            try {
                handler.handle(message.body());
            } finally {
                // Also where it throws, which Vert.x reports: the next batch waits for the answer.
                message.reply(null);
            }
        };
        this.consumer = here
                ? vertx.eventBus().localConsumer(address, listener)
                : vertx.eventBus().consumer(address, listener);
    }

    static Future<LogSubscription> start(
            Vertx vertx,
            SessionClient client,
            boolean here,
            SessionId id,
            Set<LogKind> logs,
            Handler<LogAppended> handler) {
        LogSubscription subscription = new LogSubscription(vertx, client, here, id, logs, handler);
        return subscription
                .consumer
                .completion()
                .compose(listening -> client.ask(id, subscription.follow))
                .map(subscription::begin)
                .onFailure(e -> subscription.consumer.unregister());
    }

    private LogSubscription begin(LogsFollowed followed) {
        begun = followed;
        timer = vertx.setPeriodic(
                FollowLogs.LEASE_MILLIS / 3,
                again -> client.ask(id, follow).onFailure(e -> {
                    if (ErrorCode.SESSION_NOT_FOUND.isOf(e)) {
                        end();
                    }
                }));
        return this;
    }

    /** For each log the offset of the first entry that is delivered. Earlier entries can be read. */
    public LogsFollowed begun() {
        return begun;
    }

    /** Completes when nothing more is delivered: it was closed, or the session does not answer. */
    public Future<Void> ended() {
        return ended.future();
    }

    /** Ends the subscription. */
    public Future<Void> close() {
        end();
        // Fails harmlessly where the session has ended.
        return client.ask(id, new UnfollowLogs(follow.followerId()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private void end() {
        vertx.cancelTimer(timer);
        consumer.unregister();
        ended.tryComplete();
    }
}

package dev.berth.logs;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogCommand.FollowLogs;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogsFollowed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a session's log entries to its followers as they come. Each follower has at most one batch in flight and gets
 * the next after its answer, so a slow follower gets larger batches, and holds up neither the session nor other followers. Runs on the session's context.
 */
final class LogFollowers {
    private static final Logger log = LoggerFactory.getLogger(LogFollowers.class);
    static final int MAX_FOLLOWERS = 8;
    static final int BATCH_ENTRIES = 500;
    static final int BATCH_BYTES = 128 << 10;
    private static final long ANSWER_MILLIS = 10_000;
    private static final long NANOS = 1_000_000;

    private final Vertx vertx;
    private final SessionId id;
    private final Map<LogKind, SessionLog> logs;
    private final LongSupplier nanoClock;
    private final Map<String, Follower> followers = new HashMap<>();
    private boolean scheduled;

    LogFollowers(Vertx vertx, SessionId id, Map<LogKind, SessionLog> logs, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.id = id;
        this.logs = logs;
        this.nanoClock = nanoClock;
    }

    private final class Follower {
        private final String followerId;
        /** For each followed log, the offset of the next entry to send. */
        private final Map<LogKind, Long> next = new LinkedHashMap<>();

        private long expiresNanos;
        private boolean isBusy;

        private Follower(String followerId) {
            this.followerId = followerId;
        }
    }

    /** Adds a follower, or renews its lease. */
    Future<LogsFollowed> follow(FollowLogs follow) {
        List.copyOf(followers.values()).stream().filter(this::isExpired).forEach(this::remove);
        if (followers.size() >= MAX_FOLLOWERS && !followers.containsKey(follow.followerId())) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.LIMIT_REACHED, "this session's logs already have " + MAX_FOLLOWERS + " followers"));
        }
        Follower follower = followers.computeIfAbsent(follow.followerId(), Follower::new);
        follower.expiresNanos = nanoClock.getAsLong() + FollowLogs.LEASE_MILLIS * NANOS;
        follower.next.keySet().retainAll(follow.logs());
        follow.logs()
                .forEach(kind -> follower.next.putIfAbsent(kind, logs.get(kind).total()));
        return Future.succeededFuture(new LogsFollowed(follower.next));
    }

    void unfollow(String followerId) {
        Optional.ofNullable(followers.get(followerId)).ifPresent(this::remove);
    }

    /** The session is over. */
    void close() {
        List.copyOf(followers.values()).forEach(this::remove);
    }

    private void remove(Follower follower) {
        followers.remove(follower.followerId, follower);
    }

    private boolean isExpired(Follower follower) {
        return nanoClock.getAsLong() - follower.expiresNanos >= 0;
    }

    /** To be called when a log has grown. Entries of one turn of the event loop are sent together. */
    void grown() {
        if (!scheduled && !followers.isEmpty()) {
            scheduled = true;
            vertx.runOnContext(ignored -> {
                scheduled = false;
                List.copyOf(followers.values()).forEach(this::send);
            });
        }
    }

    private void send(Follower follower) {
        if (follower.isBusy || followers.get(follower.followerId) != follower) {
            return;
        }
        if (isExpired(follower)) {
            remove(follower);
            return;
        }
        follower.next.keySet().stream()
                .filter(kind -> follower.next.get(kind) < logs.get(kind).total())
                .findFirst()
                .ifPresent(grown -> send(follower, grown));
    }

    private void send(Follower follower, LogKind kind) {
        SessionLog own = logs.get(kind);
        // Entries that were shipped meanwhile are left out: the follower reads them by their offsets.
        long from = Math.max(follower.next.get(kind), own.firstUnshipped());
        follower.isBusy = true;
        own.lines(from, BATCH_ENTRIES, BATCH_BYTES)
                .onFailure(e -> over(follower, kind, own.total()))
                .onSuccess(lines -> {
                    if (lines.count() == 0 || followers.get(follower.followerId) != follower) {
                        over(follower, kind, from);
                    } else {
                        send(follower, kind, from, lines);
                    }
                });
    }

    /** @param next the offset of the log from which the follower gets what comes */
    private void over(Follower follower, LogKind kind, long next) {
        follower.isBusy = false;
        // Moves this log to the end, so that the other one is next.
        if (follower.next.remove(kind) != null) {
            follower.next.put(kind, next);
        }
        send(follower);
    }

    private void send(Follower follower, LogKind kind, long from, LogLines lines) {
        long next = from + lines.count();
        follower.next.replace(kind, next);
        vertx.eventBus()
                .request(
                        Addresses.follower(id, follower.followerId),
                        new LogAppended(id, kind, from, lines),
                        new DeliveryOptions().setSendTimeout(ANSWER_MILLIS))
                .onSuccess(heard -> over(follower, kind, next))
                .onFailure(e -> {
                    log.debug("{} a follower of its logs does not answer: {}", id, e.getMessage());
                    remove(follower);
                });
    }
}

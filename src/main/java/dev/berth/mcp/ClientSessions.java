package dev.berth.mcp;

import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The sessions of all clients of this node: bounded in all and per user; those not used for a while end. For any thread. */
final class ClientSessions {
    static final int MAX = 512;
    static final int MAX_OF_USER = 32;
    static final long IDLE_MILLIS = 600_000;

    private final Map<String, ClientSession> open = new ConcurrentHashMap<>();
    private final CountLimit<Long> places = new CountLimit<>(
            new Bound(
                    MAX_OF_USER,
                    "you have " + MAX_OF_USER
                            + " MCP sessions, each with a browser or a call under way: end one with DELETE"),
            new Bound(MAX, "this node has no room for another MCP session"));
    private final LongSupplier nanos;

    ClientSessions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Adds a session. Where the user has no place left, the user's longest-idle session without a browser of its own ends: many clients
     * leave without a {@code DELETE}. Throws {@code limit_reached} where each has a browser, or the node is full.
     */
    void add(ClientSession session) {
        if (places.count(session.userId()) >= MAX_OF_USER) {
            longestIdle(session.userId()).ifPresent(left -> end(left, EndReason.CLIENT_DISCONNECTED));
        }
        places.add(session.userId());
        open.put(session.id(), session);
    }

    private Optional<ClientSession> longestIdle(long userId) {
        long now = nanos.getAsLong();
        return open.values().stream()
                .filter(one -> one.userId() == userId
                        && one.isIdle()
                        && !one.workbench().hasOwn())
                .max(Comparator.comparingLong(one -> now - one.usedAtNanos()));
    }

    Optional<ClientSession> find(String id, long userId) {
        return Optional.ofNullable(id).map(open::get).filter(found -> found.userId() == userId);
    }

    Optional<ClientSession> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    Future<?> end(ClientSession session, EndReason reason) {
        if (!open.remove(session.id(), session)) {
            return Future.succeededFuture();
        }
        places.remove(session.userId());
        Promise<Object> ended = Promise.promise();
        session.context().runOnContext(any -> session.close(reason).onComplete(done -> ended.complete()));
        return ended.future();
    }

    void endIdle() {
        long since = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
        open.values().stream()
                .filter(one -> one.isIdle() && one.usedAtNanos() - since < 0)
                .forEach(one -> end(one, EndReason.CLIENT_DISCONNECTED));
    }

    Future<?> endAll() {
        return Future.join(open.values().stream()
                .map(one -> end(one, EndReason.CLIENT_DISCONNECTED))
                .toList());
    }

    int size() {
        return open.size();
    }
}

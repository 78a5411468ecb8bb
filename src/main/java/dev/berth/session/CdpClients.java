package dev.berth.session;

import dev.berth.clock.LivedTime;
import dev.berth.protocol.CdpClientCommand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The CDP clients of one session, wherever their sockets are. On the session's context. */
final class CdpClients {
    private static final long SWEEP_MILLIS = 5_000;
    /** How long an ending session waits for what its clients still have to tell. */
    private static final long FAREWELL_MILLIS = 500;

    private final Vertx vertx;
    private final SessionTimers timers;
    private final IntConsumer onChange;
    private final Consumer<String> onLeft;
    private final Map<String, Long> seenAtNanos = new HashMap<>();
    private final Promise<Void> gone = Promise.promise();
    private long sweep = -1;
    private boolean closing;

    /**
     * @param onChange is told how many there are, each time that changes
     * @param onLeft is told who has left
     */
    CdpClients(Vertx vertx, SessionTimers timers, IntConsumer onChange, Consumer<String> onLeft) {
        this.onLeft = onLeft;
        this.onChange = onChange;
        this.vertx = vertx;
        this.timers = timers;
    }

    void attach(String clientId) {
        if (seenAtNanos.isEmpty()) {
            sweep = vertx.setPeriodic(SWEEP_MILLIS, ignored -> dropTheSilent());
        }
        seenAtNanos.put(clientId, LivedTime.nanos());
        onChange.accept(seenAtNanos.size());
        timers.clientCame();
    }

    /** A client that was taken for gone, and is not, is one again. */
    void touch(String clientId, boolean used) {
        if (!seenAtNanos.containsKey(clientId)) {
            attach(clientId);
        }
        seenAtNanos.put(clientId, LivedTime.nanos());
        if (used) {
            timers.used();
        }
    }

    void detach(String clientId) {
        if (seenAtNanos.remove(clientId) != null) {
            onLeft.accept(clientId);
            leftBehind();
        }
    }

    /** Completes when all have left, or have had time enough to. */
    Future<Void> whenGone() {
        closing = true;
        if (seenAtNanos.isEmpty()) {
            return Future.succeededFuture();
        }
        return gone.future()
                .timeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .onComplete(ignored -> vertx.cancelTimer(sweep));
    }

    private void dropTheSilent() {
        long leaseNanos = TimeUnit.MILLISECONDS.toNanos(CdpClientCommand.CDP_CLIENT_LEASE_MILLIS);
        long now = LivedTime.nanos();
        Map.copyOf(seenAtNanos).forEach((client, seen) -> {
            if (now - seen > leaseNanos) {
                detach(client);
            }
        });
    }

    private void leftBehind() {
        onChange.accept(seenAtNanos.size());
        if (!seenAtNanos.isEmpty()) {
            return;
        }
        vertx.cancelTimer(sweep);
        if (closing) {
            gone.tryComplete();
        } else {
            timers.clientsLeft();
        }
    }
}

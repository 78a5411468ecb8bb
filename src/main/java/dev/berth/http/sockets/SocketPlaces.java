package dev.berth.http.sockets;

import dev.berth.http.request.Tally;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import java.util.concurrent.atomic.AtomicBoolean;

/** Limits the sockets of each session and API key, including those that are being opened. For any thread. */
public final class SocketPlaces {
    static final int MAX_OF_SESSION = 16;

    private final Tally<SessionId> sessions = new Tally<>(MAX_OF_SESSION);
    private final Tally<Long> keys;

    /** @param maxConnections of the node; one key may have half of them, so that others get some */
    public SocketPlaces(int maxConnections) {
        this.keys = new Tally<>(Math.max(1, maxConnections / 2));
    }

    /** Takes a place. The result frees it, and may be run again. */
    Runnable take(SessionId session, long keyId) {
        if (!keys.tryAdd(keyId)) {
            throw full("an API key may have at most " + keys.max() + " sockets");
        }
        if (!sessions.tryAdd(session)) {
            keys.remove(keyId);
            throw full("a session may have at most " + MAX_OF_SESSION + " clients");
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.getAndSet(false)) {
                sessions.remove(session);
                keys.remove(keyId);
            }
        };
    }

    private static BerthException full(String why) {
        return new BerthException(ErrorCode.LIMIT_REACHED, why);
    }

    boolean isEmpty() {
        return sessions.isEmpty() && keys.isEmpty();
    }
}

package dev.berth.http.sockets;

import dev.berth.http.request.Tally;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Limits the sockets of each session and API key, including those that are being opened. For any thread. */
public final class SocketPlaces {
    private final Map<Kind, Tally<SessionId>> sessions = new EnumMap<>(Kind.class);
    private final Tally<Long> keys;

    /** What a socket is for. In a session each kind has places of its own. */
    enum Kind {
        CLIENT(16, "clients"),
        VIEWER(32, "viewers"),
        /** A viewer who came by a link that was made for others. */
        GUEST(32, "viewers by links");

        final int maxOfSession;
        private final String plural;

        Kind(int maxOfSession, String plural) {
            this.maxOfSession = maxOfSession;
            this.plural = plural;
        }
    }

    /** @param maxConnections of the node; one key may have half of them, so that others get some */
    public SocketPlaces(int maxConnections) {
        this.keys = new Tally<>(Math.max(1, maxConnections / 2));
        for (Kind kind : Kind.values()) {
            sessions.put(kind, new Tally<>(kind.maxOfSession));
        }
    }

    /** Takes a place. The result frees it, and may be run again. */
    Runnable take(SessionId session, long keyId, Kind kind) {
        if (!keys.tryAdd(keyId)) {
            throw full("an API key may have at most " + keys.max() + " sockets");
        }
        Tally<SessionId> ofKind = sessions.get(kind);
        if (!ofKind.tryAdd(session)) {
            keys.remove(keyId);
            throw full("a session may have at most " + ofKind.max() + " " + kind.plural);
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.getAndSet(false)) {
                ofKind.remove(session);
                keys.remove(keyId);
            }
        };
    }

    private static BerthException full(String why) {
        return new BerthException(ErrorCode.LIMIT_REACHED, why);
    }

    boolean isEmpty() {
        return sessions.values().stream().allMatch(Tally::isEmpty) && keys.isEmpty();
    }
}

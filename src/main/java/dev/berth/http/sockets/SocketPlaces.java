package dev.berth.http.sockets;

import dev.berth.limits.CountLimit;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Limits the sockets and event streams of each API key, and of each session, task or user that they are about, including those that are
 * being opened. For any thread.
 */
public final class SocketPlaces {
    private final CountLimit<Long> sockets;
    private final CountLimit<Long> streams;
    private final Map<Kind, CountLimit<String>> kinds = new EnumMap<>(Kind.class);

    /** The purpose of a socket or stream. Each kind has places of its own. */
    enum Kind {
        CLIENT(16, "a session can have at most 16 clients"),
        VIEWER(32, "a session can have at most 32 viewers"),
        /** A viewer who came by a link that was made for others. */
        GUEST(32, "a session can have at most 32 viewers by links"),
        STREAM(32, "32 streams of these events are already open");

        final int max;
        private final String beyond;

        Kind(int max, String beyond) {
            this.max = max;
            this.beyond = beyond;
        }
    }

    /** @param maxConnections of the node; the sockets of one key may have half of them, and its streams a quarter */
    public SocketPlaces(int maxConnections) {
        this.sockets = ofKeys(maxConnections / 2, "sockets");
        this.streams = ofKeys(maxConnections / 4, "streams of events");
        for (Kind kind : Kind.values()) {
            kinds.put(kind, new CountLimit<>(kind.max, kind.beyond));
        }
    }

    private static CountLimit<Long> ofKeys(int share, String what) {
        int max = Math.max(1, share);
        return new CountLimit<>(max, "an API key can have at most " + max + " " + what);
    }

    /** Takes places while {@code use} is under way; where none is left, it is not begun. */
    <T> Future<T> during(long keyId, Kind kind, String about, Supplier<Future<T>> use) {
        return (kind == Kind.STREAM ? streams : sockets)
                .during(keyId, () -> kinds.get(kind).during(about, use));
    }

    boolean isEmpty() {
        return sockets.total() + streams.total() == 0;
    }
}

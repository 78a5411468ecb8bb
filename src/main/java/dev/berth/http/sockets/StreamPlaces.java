package dev.berth.http.sockets;

import dev.berth.http.request.Tally;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.util.concurrent.atomic.AtomicBoolean;

/** Limits the streams of events of each API key, and of each story. For any thread. */
public final class StreamPlaces {
    static final int MAX_OF_STORY = 32;

    private final Tally<String> stories = new Tally<>(MAX_OF_STORY);
    private final Tally<Long> keys;

    /** @param maxConnections of the node; the streams of one key may have a quarter of them */
    public StreamPlaces(int maxConnections) {
        this.keys = new Tally<>(Math.max(1, maxConnections / 4));
    }

    /** Takes a place. The result frees it, and may be run again. */
    Runnable take(String story, long keyId) {
        if (!keys.tryAdd(keyId)) {
            throw full("an API key may have at most " + keys.max() + " streams of events");
        }
        if (!stories.tryAdd(story)) {
            keys.remove(keyId);
            throw full("there are " + MAX_OF_STORY + " streams of these events already");
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.getAndSet(false)) {
                stories.remove(story);
                keys.remove(keyId);
            }
        };
    }

    private static BerthException full(String why) {
        return new BerthException(ErrorCode.LIMIT_REACHED, why);
    }

    boolean isEmpty() {
        return stories.isEmpty() && keys.isEmpty();
    }
}

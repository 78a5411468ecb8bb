package dev.berth.browser.cdp;

import dev.berth.browser.Failures;
import dev.berth.protocol.BerthException;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The answers that the commands of a connection wait for. On its event loop. */
final class Replies {
    /** Larger answers are read on a worker: an event loop would stand still for more than some milliseconds. */
    private static final int MAX_READ_HERE_BYTES = 1 << 18;

    private final Vertx vertx;
    private final Map<Integer, Pending<?>> pending = new HashMap<>();

    private static final class Pending<T> {
        final Promise<T> promise;
        final CdpConnection.Answer<T> answer;
        final Optional<CdpConnection.WholeAnswer> whole;
        /** The bytes of the answer that are counted in its share. */
        int held;

        boolean reading;

        Pending(Promise<T> promise, CdpConnection.Answer<T> answer, Optional<CdpConnection.WholeAnswer> whole) {
            this.promise = promise;
            this.answer = answer;
            this.whole = whole;
        }
    }

    Replies(Vertx vertx) {
        this.vertx = vertx;
    }

    <T> void await(
            int id, Promise<T> promise, CdpConnection.Answer<T> answer, Optional<CdpConnection.WholeAnswer> whole) {
        pending.put(id, new Pending<>(promise, answer, whole));
    }

    void forget(int id) {
        pending.remove(id);
    }

    /**
     * Fails a command whose answer did not come in time. An answer that is under way is read to its end: until then it takes the memory
     * that its share counts.
     */
    void late(int id, BerthException why) {
        Pending<?> asked = pending.get(id);
        if (asked != null && !asked.reading) {
            asked.promise.tryFail(why);
        }
    }

    void answered(int id, byte[] json, int length) {
        Pending<?> asked = pending.get(id);
        if (asked != null) { // else it came after its timeout
            read(asked, json, length);
        }
    }

    private <T> void read(Pending<T> asked, byte[] json, int length) {
        if (length > MAX_READ_HERE_BYTES) {
            asked.reading = true;
            vertx.executeBlocking(() -> asked.answer.read(json, length), false)
                    .onSuccess(asked.promise::tryComplete)
                    .onFailure(asked.promise::tryFail);
            return;
        }
        try {
            asked.promise.tryComplete(asked.answer.read(json, length));
        } catch (IOException | RuntimeException e) {
            asked.promise.tryFail(e);
        }
    }

    void fail(int id, BerthException why) {
        Pending<?> asked = pending.get(id);
        if (asked != null) {
            asked.promise.tryFail(why);
        }
    }

    /** @see MessageKeeper.Listener#oversizedAnswer */
    void oversized(int id, long bytes, int maxBytes) {
        fail(id, Failures.tooLarge("the result", bytes, Math.min(maxBytes, Failures.MAX_RESULT_BYTES)));
    }

    Optional<CdpConnection.WholeAnswer> whole(int id) {
        return Optional.ofNullable(pending.get(id)).flatMap(asked -> asked.whole);
    }

    boolean hasRoom(int id, int bytes) {
        Pending<?> asked = pending.get(id);
        if (asked == null || asked.whole.isEmpty()) {
            return true; // of these there is one at a time, and it is not large
        }
        int more = bytes - asked.held;
        asked.held = bytes;
        CdpConnection.WholeAnswer whole = asked.whole.get();
        return whole.share().tryAdd((long) whole.weight() * more);
    }

    void failAll(String why) {
        Map.copyOf(pending).values().forEach(asked -> asked.promise.tryFail(why));
    }
}

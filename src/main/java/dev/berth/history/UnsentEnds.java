package dev.berth.history;

import dev.berth.history.Fact.SessionOver;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The final states of sessions that wait for Postgres. One thread writes, any thread may read. */
final class UnsentEnds {
    private static final int MAX_ENDS = 500;

    private final Map<SessionId, Waiting> ends = new ConcurrentHashMap<>();
    private volatile long latestMissing = -1;

    private record Waiting(long number, SessionDescription last) {}

    /** @param number of the fact in the journal */
    void add(long number, Fact fact) {
        if (fact instanceof SessionOver over) {
            if (ends.size() < MAX_ENDS) {
                ends.put(over.last().sessionId(), new Waiting(number, over.last()));
            } else {
                latestMissing = number;
            }
        }
    }

    /** Removes those up to this number: Postgres has them. */
    void removeThrough(long number) {
        ends.values().removeIf(end -> end.number <= number);
        if (latestMissing <= number) {
            latestMissing = -1;
        }
    }

    Optional<SessionDescription> find(SessionId id) {
        return Optional.ofNullable(ends.get(id)).map(Waiting::last);
    }

    /** Whether all waiting ones are here; false if there were too many to hold. */
    boolean complete() {
        return latestMissing < 0;
    }
}

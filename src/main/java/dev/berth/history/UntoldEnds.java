package dev.berth.history;

import dev.berth.history.Fact.SessionOver;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The last words on sessions that wait for Postgres. One thread writes, any may read. */
final class UntoldEnds {
    private static final int MAX_ENDS = 500;

    private final Map<SessionId, Waiting> ends = new ConcurrentHashMap<>();
    private volatile long latestMissing = -1;

    private record Waiting(long number, SessionSnapshot last) {}

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

    /** Those up to this number have been told. */
    void removeThrough(long number) {
        ends.values().removeIf(end -> end.number <= number);
        if (latestMissing <= number) {
            latestMissing = -1;
        }
    }

    Optional<SessionSnapshot> find(SessionId id) {
        return Optional.ofNullable(ends.get(id)).map(Waiting::last);
    }

    /** Whether all that wait are here. */
    boolean complete() {
        return latestMissing < 0;
    }
}

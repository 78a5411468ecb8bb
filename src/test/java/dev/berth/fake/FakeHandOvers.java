package dev.berth.fake;

import dev.berth.history.HandedSession;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Rows of which a test decides whose they are. */
public final class FakeHandOvers implements SessionHistory.HandOvers {
    /** What was given away, or tried to be. */
    public final List<HandedSession> tried = new CopyOnWriteArrayList<>();
    /** What this node was given. */
    public final List<HandedSession> given = new CopyOnWriteArrayList<>();

    public volatile Future<Optional<Long>> epoch = Future.succeededFuture(Optional.of(1L));
    /** What comes of the next try. */
    public volatile Supplier<Future<Optional<String>>> outcome;

    public volatile Supplier<Future<Void>> read = Future::succeededFuture;

    @Override
    public Future<Optional<Long>> epoch(String node) {
        return epoch;
    }

    @Override
    public Future<Optional<String>> give(HandedSession session, long now) {
        tried.add(session);
        return outcome == null
                ? Future.succeededFuture(Optional.of(session.accepted().machineId()))
                : outcome.get();
    }

    @Override
    public Future<List<HandedSession>> given() {
        return read.get().map(done -> new ArrayList<>(given));
    }

    /** The sessions that were tried to be given away. */
    public List<SessionId> triedIds() {
        return tried.stream().map(session -> session.id()).toList();
    }
}

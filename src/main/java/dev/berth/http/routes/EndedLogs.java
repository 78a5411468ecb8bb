package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Part;
import dev.berth.history.LogChunkRepository;
import dev.berth.http.request.CallersContext;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds the log chunks of ended sessions. Caches them for a moment, so that a client that reads on costs no further question to
 * the bus or Postgres. For any thread.
 */
public final class EndedLogs {
    /** Chunks that were replaced stay readable for longer than this. */
    private static final Duration AGE = Duration.ofSeconds(2);

    private static final int MAX_LOGS = 256;
    /** Some million entries. Longer logs are not cached: each read asks for its part. */
    private static final int MAX_CHUNKS = 500;

    private final Whole whole;
    private final Window window;
    private final LongSupplier nanoClock;
    private final Map<Log, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    public EndedLogs(LogChunkRepository index) {
        this(index::all, index::list, System::nanoTime);
    }

    EndedLogs(Whole whole, Window window, LongSupplier nanoClock) {
        this.whole = whole;
        this.window = window;
        this.nanoClock = nanoClock;
    }

    interface Whole {
        Future<Optional<List<LogChunk>>> chunks(SessionId id, LogKind kind, int max);
    }

    interface Window {
        Future<List<LogChunk>> chunks(SessionId id, LogKind kind, long offset, int limit);
    }

    /** A log of a session that belongs to the user. */
    record Log(long user, SessionId sessionId, LogKind kind) {}

    /** @param part the whole log; empty where it has too many chunks */
    private record Known(Future<Optional<Part>> part, long askedAt) {}

    /** The part of a log, if the cache knows that its session has ended. */
    Optional<Future<Part>> find(Log log, long offset, int limit) {
        return remembered(log)
                .filter(young -> nanoClock.getAsLong() - young.askedAt < AGE.toNanos())
                .map(young -> part(young, log, offset, limit));
    }

    private synchronized Optional<Known> remembered(Log log) {
        return Optional.ofNullable(known.get(log));
    }

    private synchronized void remember(Log log, Known asked) {
        known.put(log, asked);
        if (known.size() > MAX_LOGS) {
            known.remove(known.keySet().iterator().next());
        }
    }

    private synchronized void forget(Log log, Known asked) {
        known.remove(log, asked);
    }

    /** The part of the log of a session that has ended. */
    Future<Part> read(Log log, long offset, int limit) {
        return find(log, offset, limit).orElseGet(() -> part(ask(log), log, offset, limit));
    }

    /** The same without the cache, for a session that may not have ended. */
    Future<Part> readOnce(Log log, long offset, int limit) {
        return window.chunks(log.sessionId(), log.kind(), offset, limit).map(LogReader::sealed);
    }

    private Future<Part> part(Known asked, Log log, long offset, int limit) {
        Future<Optional<Part>> all =
                asked.part.succeeded() ? Future.succeededFuture(asked.part.result()) : CallersContext.bring(asked.part);
        return all.compose(whole -> whole.map(Future::succeededFuture).orElseGet(() -> readOnce(log, offset, limit)));
    }

    private Known ask(Log log) {
        Future<Optional<Part>> part = whole.chunks(log.sessionId(), log.kind(), MAX_CHUNKS)
                .map((Optional<List<LogChunk>> all) -> all.map(LogReader::sealed));
        Known asked = new Known(part, nanoClock.getAsLong());
        remember(log, asked);
        part.onFailure(e -> forget(log, asked));
        return asked;
    }
}

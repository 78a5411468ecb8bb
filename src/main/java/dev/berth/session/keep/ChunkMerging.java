package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small chunks of one log, one run of neighbours at a time. Where the answer to a merge is lost, nobody knows what the
 * index says: so the same run is tried until the answer is known, and no other. On the session's context.
 */
final class ChunkMerging {
    private static final Logger log = LoggerFactory.getLogger(ChunkMerging.class);
    private static final long RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final SessionId id;
    private final LogKind kind;
    private final SealedChunks chunks;
    private final Merger merger;
    private final long retryMillis;

    /** What is merged, or is to be tried again; empty where nothing is. */
    private List<LogChunk> run = List.of();

    private Future<Void> merging = Future.succeededFuture();
    private boolean timerSet;
    private boolean closed;

    ChunkMerging(Vertx vertx, SessionId id, LogKind kind, SealedChunks chunks, Merger merger) {
        this(vertx, id, kind, chunks, merger, RETRY_MILLIS);
    }

    ChunkMerging(Vertx vertx, SessionId id, LogKind kind, SealedChunks chunks, Merger merger, long retryMillis) {
        this.vertx = vertx;
        this.id = id;
        this.kind = kind;
        this.chunks = chunks;
        this.merger = merger;
        this.retryMillis = retryMillis;
    }

    /** There is one more chunk. */
    void sealed() {
        if (closed || !merging.isComplete()) {
            return;
        }
        if (run.isEmpty()) {
            run = chunks.run();
        }
        if (!run.isEmpty()) {
            merge().onSuccess(known -> sealed()).onFailure(e -> retryLater());
        }
    }

    private void retryLater() {
        if (!closed && !timerSet) {
            timerSet = true;
            vertx.setTimer(retryMillis, ignored -> {
                timerSet = false;
                sealed();
            });
        }
    }

    /** Fails where it is not known whether the run has become one chunk. */
    private Future<Void> merge() {
        List<LogChunk> parts = run;
        merging = merger.merge(id, kind, parts)
                .onFailure(e -> log.debug("{} {} chunks could not be merged yet: {}", id, kind, e.toString()))
                .map(merged -> {
                    run = List.of();
                    merged.ifPresentOrElse(chunks::replace, () -> chunks.leave(parts));
                    return null;
                });
        return merging;
    }

    /** No more come: no run is begun from now on. */
    void close() {
        closed = true;
    }

    /** After the end: the small chunks that are left are merged, too. Fails where it is not known whether they are. */
    Future<Void> mergeRest() {
        return merging.transform(done -> run.isEmpty() ? Future.<Void>succeededFuture() : merge())
                .compose(known -> mergeNext(chunks.rest().iterator()));
    }

    private Future<Void> mergeNext(Iterator<List<LogChunk>> groups) {
        if (!groups.hasNext()) {
            return Future.succeededFuture();
        }
        run = groups.next();
        // There is no later for it: its session is over.
        return merge().recover(lost -> merge()).compose(known -> mergeNext(groups));
    }

    /** Makes one chunk of several. */
    interface Merger {
        /**
         * Empty where they stay as they are, for certain. Where it fails, they may have become one, or may yet: repeating it with
         * the same chunks is harmless.
         *
         * @param chunks neighbours, oldest first, which together are no more than a chunk may be
         */
        Future<Optional<LogChunk>> merge(SessionId id, LogKind kind, List<LogChunk> chunks);
    }
}

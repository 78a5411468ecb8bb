package dev.berth.session.keep;

import dev.berth.clock.Scheduler;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small chunks of one log, one run of neighbours at a time. If the answer to a merge is lost, the state of
 * the index is unknown, so the same run is retried until there is an answer, and no other run is started. Runs on the
 * session's context.
 */
final class ChunkMerging {
    private static final Logger log = LoggerFactory.getLogger(ChunkMerging.class);
    static final long RETRY_MILLIS = 5_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final LogKind kind;
    private final SealedChunks chunks;
    private final Merger merger;

    /** The run that is being merged or will be retried; empty if there is none. */
    private List<LogChunk> run = List.of();

    private Future<Void> merging = Future.succeededFuture();
    private boolean timerSet;
    private boolean closed;

    ChunkMerging(Scheduler scheduler, SessionId id, LogKind kind, SealedChunks chunks, Merger merger) {
        this.scheduler = scheduler;
        this.id = id;
        this.kind = kind;
        this.chunks = chunks;
        this.merger = merger;
    }

    /** To be called when a chunk was sealed. */
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
            scheduler.after(RETRY_MILLIS, () -> {
                timerSet = false;
                sealed();
            });
        }
    }

    /** Fails if it is unknown whether the run has become one chunk. */
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

    /** No more chunks come: no new run is started. */
    void close() {
        closed = true;
    }

    /** Merges the small chunks that are left after the end. Fails if it is unknown whether they are merged. */
    Future<Void> mergeRest() {
        return merging.transform(done -> run.isEmpty() ? Future.<Void>succeededFuture() : merge())
                .compose(known -> mergeNext(chunks.rest().iterator()));
    }

    private Future<Void> mergeNext(Iterator<List<LogChunk>> groups) {
        if (!groups.hasNext()) {
            return Future.succeededFuture();
        }
        run = groups.next();
        // Retry once, at once: the session is over, so nothing retries later.
        return merge().recover(lost -> merge()).compose(known -> mergeNext(groups));
    }

    /** Merges several chunks into one. */
    interface Merger {
        /**
         * Gives the merged chunk; empty if the chunks certainly stay as they are. After a failure they may or may not
         * have been merged, or still may be: repeating the call with the same chunks is safe.
         *
         * @param chunks neighbours, oldest first, which together do not exceed the size of a chunk
         */
        Future<Optional<LogChunk>> merge(SessionId id, LogKind kind, List<LogChunk> chunks);
    }
}

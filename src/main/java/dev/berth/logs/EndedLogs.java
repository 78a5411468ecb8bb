package dev.berth.logs;

import dev.berth.history.LogChunkRepository;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** The logs of sessions that are over: their parts in the object store, and what this node has not shipped yet. Thread-safe. */
public final class EndedLogs {
    private final Vertx vertx;
    private final LogChunkRepository index;
    private final LogShipper shipper;

    public EndedLogs(Vertx vertx, LogChunkRepository index, LogShipper shipper) {
        this.vertx = vertx;
        this.index = index;
        this.shipper = shipper;
    }

    /** Whether this node has nothing of a log any more that the object store has not. */
    public boolean isShipped(SessionId id, LogKind kind) {
        return shipper.closed(new LogName(id, kind)).isEmpty();
    }

    /** The part of a log from {@code offset} on, at most {@code limit} entries. */
    public Future<LogTail> read(SessionId id, LogKind kind, long offset, int limit) {
        LogName name = new LogName(id, kind);
        // Asked for first: what is shipped meanwhile is in the index.
        List<Segment> here = shipper.closed(name);
        Future<List<LogChunk>> parts = index.list(id, kind, 0, Integer.MAX_VALUE);
        return here.isEmpty()
                ? parts.map(LogReader::shipped)
                : parts.compose(all -> with(here, all, offset, limit))
                        .recover(e -> e instanceof NoSuchFileException
                                        && !shipper.closed(name).equals(here)
                                ? read(id, kind, offset, limit)
                                : Future.failedFuture(e));
    }

    private Future<LogTail> with(List<Segment> here, List<LogChunk> parts, long offset, int limit) {
        long shipped = LogReader.shipped(parts).total();
        long total = Math.max(shipped, here.get(here.size() - 1).endOffset());
        long first = Math.max(offset, Math.max(shipped, here.get(0).firstOffset()));
        int rest = (int) Math.max(0, limit - (first - offset));
        List<Segment.Range> ranges = Segment.ranges(here, first, first + rest, SessionReply.MAX_TAIL_BYTES);
        Future<LogLines> lines = ranges.isEmpty()
                ? Future.succeededFuture(LogLines.NONE)
                : vertx.executeBlocking(() -> Segment.read(ranges, List.of(), first, rest), false);
        return lines.map(read -> new LogTail(total, parts, first, read));
    }
}

package dev.berth.logs;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;

/** The logs of sessions that are over: their parts in the object store, and what this node has not shipped yet. Thread-safe. */
public final class EndedLogs {
    /** How long a log may be answered without what its node, which was killed, ships when it starts again. */
    static final Duration REMEMBERED = Duration.ofSeconds(2);

    /** Limit for the parts that are remembered, of all logs: some 20 MiB. */
    private static final int MAX_PARTS = 100_000;

    private final Vertx vertx;
    private final SessionHistory.LogChunks index;
    private final LogShipper shipper;
    /** Logs that are in the object store as a whole, so that a client that reads on does not ask Postgres for each page. */
    private final LoadCache<LogName, LogTail> shipped;

    public EndedLogs(Vertx vertx, SessionHistory.LogChunks index, LogShipper shipper) {
        this(vertx, index, shipper, Ticker.systemTicker());
    }

    EndedLogs(Vertx vertx, SessionHistory.LogChunks index, LogShipper shipper, Ticker ticker) {
        this.vertx = vertx;
        this.index = index;
        this.shipper = shipper;
        this.shipped = new LoadCache<>(
                vertx,
                Caffeine.newBuilder()
                        .ticker(ticker)
                        .expireAfterWrite(REMEMBERED)
                        .maximumWeight(MAX_PARTS)
                        .weigher((LogName name, LogTail part) ->
                                1 + part.chunks().size()),
                name -> index.list(name.sessionId(), name.kind(), 0, Integer.MAX_VALUE)
                        .map(LogReader::shipped));
    }

    /** The part of a log from {@code offset} on, at most {@code limit} entries. */
    public Future<LogTail> read(SessionId id, LogKind kind, long offset, int limit) {
        LogName name = new LogName(id, kind);
        // Asked for first: what is shipped meanwhile is in the index.
        List<Segment> here = shipper.closed(name);
        return here.isEmpty()
                ? shipped.get(name)
                : index.list(id, kind, offset, limit)
                        .compose(parts -> with(here, parts, offset, limit))
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

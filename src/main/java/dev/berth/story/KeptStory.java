package dev.berth.story;

import dev.berth.history.StoryRepository;
import dev.berth.logs.EndedLogs;
import dev.berth.logs.LogPage;
import dev.berth.logs.LogReader;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.ReadLog;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.LogTail;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The story of a session as Postgres, the parts of its logs and the live session have it. */
public final class KeptStory implements StoryReader.Stored {
    /** The most entries of a log that are read at once. */
    private static final int PAGE = 200;
    /** The same of rows, which Postgres gives at their full size. */
    static final int ROWS = 50;
    /** Bounds the memory of a reader where entries are large: of what was read, no more than these bytes wait for it. */
    static final int PAGE_BYTES = 1 << 16;

    private final StoryRepository story;
    private final LogReader logs;
    private final EndedLogs ended;
    private final SessionClient client;
    private final SessionId id;
    private final long turns;
    private final BooleanSupplier gone;
    /** How many entries to read of a kind next: few where they are large, as what is not taken is read again. */
    private final Map<StoryKind, Integer> limits = new EnumMap<>(StoryKind.class);

    /**
     * @param client may ask the session
     * @param turns whose turn it is to read from the object store
     * @param gone true once nobody reads any more
     */
    public KeptStory(
            StoryRepository story,
            LogReader logs,
            EndedLogs ended,
            SessionClient client,
            SessionId id,
            long turns,
            BooleanSupplier gone) {
        this.story = story;
        this.logs = logs;
        this.ended = ended;
        this.client = client;
        this.id = id;
        this.turns = turns;
        this.gone = gone;
    }

    @Override
    public Future<List<SessionEvent>> read(StoryKind kind, long offset) {
        return switch (kind) {
            case CONSOLE -> entries(kind, LogKind.CONSOLE, offset);
            case NETWORK -> entries(kind, LogKind.NETWORK, offset);
            default -> story.read(id, kind, offset, limit(kind, ROWS)).map(rows -> taken(kind, rows));
        };
    }

    private Future<List<SessionEvent>> entries(StoryKind kind, LogKind log, long offset) {
        return logs.page(turns, (from, limit) -> part(log, from, limit), offset, limit(kind, PAGE), gone)
                .map(page -> taken(kind, log, page));
    }

    private int limit(StoryKind kind, int most) {
        return limits.getOrDefault(kind, most);
    }

    private List<SessionEvent> taken(StoryKind kind, List<SessionEvent> rows) {
        First first = new First();
        for (SessionEvent row : rows) {
            if (!first.isFull()) {
                first.add(row, LogLines.line(row).length);
            }
        }
        return taken(kind, first.events, rows.size(), ROWS);
    }

    private List<SessionEvent> taken(StoryKind kind, LogKind log, LogPage page) {
        First first = new First();
        page.forEach((offset, lines, index) -> {
            if (!first.isFull()) {
                first.add(new LogAppended(id, log, offset, lines.only(index)), lines.bytes(index, index + 1));
            }
        });
        return taken(kind, first.events, page.count(), PAGE);
    }

    private List<SessionEvent> taken(StoryKind kind, List<SessionEvent> events, int read, int most) {
        int taken = events.size();
        limits.merge(kind, taken < read ? taken : most, (last, next) -> Math.min(2 * last, next));
        return events;
    }

    /** The first entries of what was read, at least one. */
    private static final class First {
        private final List<SessionEvent> events = new ArrayList<>();
        private long bytes;

        private boolean isFull() {
            return bytes >= PAGE_BYTES;
        }

        private void add(SessionEvent event, long size) {
            events.add(event);
            bytes += size;
        }
    }

    @Override
    public Future<StoryCursor> end() {
        Future<Long> console = part(LogKind.CONSOLE, 0, 1).map(LogTail::total);
        Future<Long> network = part(LogKind.NETWORK, 0, 1).map(LogTail::total);
        Future<StoryCursor> others = story.end(id);
        return Future.all(console, network, others)
                .map(all -> others.result()
                        .with(StoryKind.CONSOLE, console.result())
                        .with(StoryKind.NETWORK, network.result()));
    }

    private Future<LogTail> part(LogKind log, long offset, int limit) {
        return client.ask(id, new ReadLog(log, offset, limit))
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e)
                        ? ended.read(id, log, offset, limit)
                        : Future.failedFuture(e));
    }
}

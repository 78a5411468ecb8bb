package dev.berth.story;

import dev.berth.artifact.LogPage;
import dev.berth.artifact.LogReader;
import dev.berth.artifact.LogReader.Part;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.StoryRepository;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.ReadConsole;
import dev.berth.protocol.SessionCommand.ReadNetwork;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryKind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The story of a session as Postgres, the log chunks and the live session have it. */
public final class KeptStory implements StoredStory {
    /** Bounds the memory of a reader. */
    private static final int PAGE = 200;
    /** The same where entries are large: of a page, no more than these bytes wait for the reader to take them. */
    static final int PAGE_BYTES = 1 << 16;

    private final StoryRepository story;
    private final LogReader logs;
    private final LogChunkRepository chunks;
    private final SessionClient client;
    private final SessionId id;
    private final long turns;
    private final BooleanSupplier gone;
    /** How many entries to read of a log next: few where they are large, as what is not taken is read again. */
    private final Map<LogKind, Integer> limits = new EnumMap<>(LogKind.class);

    /**
     * @param client may ask the session
     * @param turns whose turn it is to read from the object store
     * @param gone true once nobody reads any more
     */
    public KeptStory(
            StoryRepository story,
            LogReader logs,
            LogChunkRepository chunks,
            SessionClient client,
            SessionId id,
            long turns,
            BooleanSupplier gone) {
        this.story = story;
        this.logs = logs;
        this.chunks = chunks;
        this.client = client;
        this.id = id;
        this.turns = turns;
        this.gone = gone;
    }

    @Override
    public Future<List<SessionEvent>> read(StoryKind kind, long offset) {
        return switch (kind) {
            case CONSOLE -> read(LogKind.CONSOLE, offset);
            case NETWORK -> read(LogKind.NETWORK, offset);
            default -> story.read(id, kind, offset, PAGE);
        };
    }

    private Future<List<SessionEvent>> read(LogKind log, long offset) {
        return logs.page(turns, (from, limit) -> part(log, from, limit), offset, limits.getOrDefault(log, PAGE), gone)
                .map(page -> events(log, page));
    }

    private List<SessionEvent> events(LogKind log, LogPage page) {
        First first = new First(log);
        page.forEach(first);
        int taken = first.events.size();
        limits.merge(log, taken < page.count() ? taken : PAGE, (last, most) -> Math.min(2 * last, most));
        return first.events;
    }

    /** The first entries of a page, at least one. */
    private final class First implements LogPage.Sink {
        private final LogKind log;
        private final List<SessionEvent> events = new ArrayList<>();
        private long bytes;

        private First(LogKind log) {
            this.log = log;
        }

        @Override
        public void accept(long offset, LogLines lines, int index) {
            if (bytes < PAGE_BYTES) {
                bytes += lines.bytes(index, index + 1);
                events.add(new LogAppended(id, log, offset, lines.only(index)));
            }
        }
    }

    @Override
    public Future<StoryCursor> end() {
        Future<Long> console = part(LogKind.CONSOLE, 0, 1).map(Part::total);
        Future<Long> network = part(LogKind.NETWORK, 0, 1).map(Part::total);
        Future<StoryCursor> others = story.end(id);
        return Future.all(console, network, others)
                .map(all -> others.result()
                        .with(StoryKind.CONSOLE, console.result())
                        .with(StoryKind.NETWORK, network.result()));
    }

    /** The live session has all of its log; of one that is over, all is in chunks. */
    private Future<Part> part(LogKind log, long offset, int limit) {
        return live(log, offset, limit)
                .recover(e -> isAbsent(e)
                        ? chunks.list(id, log, offset, limit).map(LogReader::sealed)
                        : Future.failedFuture(e));
    }

    private Future<Part> live(LogKind log, long offset, int limit) {
        return log == LogKind.CONSOLE
                ? client.ask(id, new ReadConsole(offset, limit)).map(Part::of)
                : client.ask(id, new ReadNetwork(offset, limit)).map(Part::of);
    }

    private static boolean isAbsent(Throwable e) {
        return e instanceof BerthException known && known.code() == ErrorCode.SESSION_NOT_FOUND;
    }
}

package dev.berth.story;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** A session that does things at random, and keeps them. Offsets have gaps where real ones have; times jump. */
final class RandomStory implements StoryReader.Stored, StoryReader.Live {
    private static final int PAGE = 7;
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.006Z");

    private final SessionId id = SessionId.random();
    private final Random random;
    private final Map<StoryKind, List<SessionEvent>> kept = new EnumMap<>(StoryKind.class);
    private final Map<StoryKind, Long> next = new EnumMap<>(StoryKind.class);
    private final List<Consumer<SessionEvent>> readers = new ArrayList<>();
    private long millis;
    private boolean over;

    RandomStory(Random random) {
        this.random = random;
        for (StoryKind kind : StoryKind.values()) {
            kept.put(kind, new ArrayList<>());
            next.put(kind, 0L);
        }
        keep(new SessionCreated(id, time()));
        keep(new SessionStarted(id, time()));
    }

    private Instant time() {
        millis += random.nextInt(5) - 1;
        return START.plusMillis(millis);
    }

    private void keep(SessionEvent event) {
        kept.get(event.kind()).add(event);
    }

    private void tell(SessionEvent event) {
        List.copyOf(readers).forEach(reader -> reader.accept(event));
    }

    /** Something happens. */
    void step() {
        StoryKind kind = StoryKind.values()[1 + random.nextInt(StoryKind.values().length - 1)];
        if (kind == StoryKind.CONSOLE || kind == StoryKind.NETWORK) {
            log(LogKind.valueOf(kind.name()));
            return;
        }
        long offset = next.get(kind) + random.nextInt(2);
        next.put(kind, offset + 1);
        SessionEvent event = event(kind, offset);
        keep(event);
        tell(event);
    }

    private SessionEvent event(StoryKind kind, long offset) {
        return switch (kind) {
            case NAVIGATION -> new PageNavigated(id, offset, new NavigationEntry("https://a.b/", "A", time()));
            case ACTION ->
                new ActionPerformed(
                        id,
                        offset,
                        new ActionEntry(
                                "action-" + offset,
                                "click",
                                time(),
                                true,
                                Map.of(),
                                1,
                                ActionSource.REST,
                                Optional.empty(),
                                Cost.NONE));
            case UPDATE ->
                new SessionUpdated(
                        id,
                        offset,
                        new SessionLabels(Optional.empty(), Optional.empty(), Optional.empty(), Map.of()),
                        time());
            case STEP ->
                new StepReported(
                        id,
                        offset,
                        new StepEntry(
                                "step-" + offset, "A", StepKind.STEP, time(), 1, Optional.empty(), Optional.empty()));
            default ->
                new ArtifactKept(
                        id,
                        offset,
                        new ArtifactEntry(
                                "pdf-" + offset,
                                ArtifactType.PDF,
                                "key",
                                Optional.empty(),
                                time(),
                                "application/pdf",
                                1,
                                ArtifactState.STORED));
        };
    }

    /** Some batches are left out, as to followers that are late. */
    private void log(LogKind log) {
        StoryKind kind = StoryKind.valueOf(log.name());
        long first = next.get(kind);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            lines.add(LogLines.line(Map.of("timestamp", time().toString())));
            keep(new LogAppended(id, log, first + i, LogLines.of(lines.subList(i, i + 1))));
        }
        next.put(kind, first + lines.size());
        if (random.nextInt(4) > 0) {
            tell(new LogAppended(id, log, first, LogLines.of(lines)));
        }
    }

    void finish() {
        over = true;
        // By a clock that was set back.
        SessionEnded end =
                new SessionEnded(id, SessionStatus.COMPLETED, EndReason.CLIENT, START.minusSeconds(9), Traffic.NONE);
        keep(end);
        tell(end);
    }

    List<SessionEvent> all(StoryKind kind) {
        return kept.get(kind);
    }

    @Override
    public Future<List<SessionEvent>> read(StoryKind kind, long offset) {
        return Future.succeededFuture(kept.get(kind).stream()
                .filter(event -> event.offset() >= offset)
                .limit(PAGE)
                .toList());
    }

    @Override
    public Future<StoryCursor> end() {
        StoryCursor end = StoryCursor.START.with(StoryKind.STATUS, 2);
        for (StoryKind kind : StoryKind.values()) {
            end = end.with(kind, next.get(kind));
        }
        return Future.succeededFuture(end);
    }

    @Override
    public Future<Runnable> join(Set<LogKind> logs, Consumer<SessionEvent> reader) {
        if (over) {
            return Future.failedFuture(new BerthException(ErrorCode.SESSION_NOT_FOUND, "it is over"));
        }
        readers.add(reader);
        return Future.succeededFuture(() -> readers.remove(reader));
    }
}

package dev.berth.story;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads one session's story for one reader: from its cursor on what is kept, then what the live session tells, then its end. A
 * live event is passed on only where it is the very next entry. Otherwise, for example while the reader is busy, its kind is
 * marked as behind and read from what is kept, so a reader holds little memory and delays nobody. On the event loop of the
 * reader.
 */
public final class StoryReader {
    /** Limit for live events that wait for the reader's event loop with their content. */
    private static final int MAX_ON_THE_WAY = 4;

    /** The offset of the session's end. It is read again by those who have had it, since with it the reading ends. */
    private static final long END = 2;

    private final Context context;
    private final Set<StoryKind> kinds;
    private final Stored stored;
    private final Live live;
    private final Output output;
    private final AtomicInteger onTheWay = new AtomicInteger();

    private StoryCursor cursor = StoryCursor.START;
    /** Kinds that may have entries which were not read yet. */
    private final Set<StoryKind> behind;

    private Optional<StoryMerge> pass = Optional.empty();
    private Runnable leave = () -> {};
    private boolean reading = true;
    private boolean isLive;
    private boolean ended;
    /** Whether the session had ended before the pass began. */
    private boolean isLastPass;

    private boolean closed;

    /** The kept entries of one session's story. Results come on the caller's context. */
    public interface Stored {
        /** The next entries of a kind, from {@code offset} on. Empty if there are none. A log entry is an event of its own. */
        Future<List<SessionEvent>> read(StoryKind kind, long offset);

        /** The position after all entries so far, and before the end of the session. */
        Future<StoryCursor> end();
    }

    /** The events of a live session. */
    public interface Live {
        /** Passes on what the session tells, on any thread. Gives how to end that; fails if the session does not answer. */
        Future<Runnable> join(Set<LogKind> logs, Consumer<SessionEvent> reader);
    }

    /** @param kinds of the entries that are wanted */
    public StoryReader(Context context, Set<StoryKind> kinds, Stored stored, Live live, Output output) {
        this.context = context;
        this.kinds = EnumSet.copyOf(kinds);
        this.stored = stored;
        this.live = live;
        this.output = output;
        // The status tells of the end even where nobody wants to read it.
        this.behind = EnumSet.copyOf(kinds);
        this.behind.add(StoryKind.STATUS);
    }

    /**
     * Starts to read.
     *
     * @param from the position to go on from; if absent, the end of what is kept
     * @return the position
     */
    public Future<StoryCursor> start(Optional<StoryCursor> from) {
        return live.join(logs(), this::hear)
                .onSuccess(this::joined)
                // The story of a session that is over is read from the kept entries.
                .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) ? Future.succeededFuture() : Future.failedFuture(e))
                .compose(joined -> from.map(Future::succeededFuture).orElseGet(stored::end))
                .onSuccess(start -> {
                    cursor = start;
                    reading = false;
                });
    }

    private void joined(Runnable how) {
        leave = how;
        isLive = true;
        if (closed) {
            leave.run();
        }
    }

    private Set<LogKind> logs() {
        return Stream.of(LogKind.CONSOLE, LogKind.NETWORK)
                .filter(log -> kinds.contains(StoryKind.valueOf(log.name())))
                .collect(Collectors.toSet());
    }

    /** On any thread. If the event loop is late, it gets to know only that there is more. */
    private void hear(SessionEvent event) {
        if (onTheWay.incrementAndGet() <= MAX_ON_THE_WAY) {
            context.runOnContext(ignored -> {
                onTheWay.decrementAndGet();
                heard(event);
            });
        } else {
            StoryKind kind = event.kind();
            context.runOnContext(ignored -> {
                onTheWay.decrementAndGet();
                check(Set.of(kind));
            });
        }
    }

    private void heard(SessionEvent event) {
        if (event instanceof SessionEnded) {
            end();
            goOn();
        } else if (!kinds.contains(event.kind()) || isPast(event)) {
            return;
        } else if (isNext(event)) {
            tell(event instanceof LogAppended log ? log.from(cursor.next(log.kind())) : event);
            output.flush();
        } else {
            check(Set.of(event.kind()));
        }
    }

    private boolean isPast(SessionEvent event) {
        long count = event instanceof LogAppended log ? log.lines().count() : 1;
        return event.offset() + count <= cursor.next(event.kind());
    }

    /** Other kinds have gaps, but their events come in order, and after a missed one the kind is behind. */
    private boolean isNext(SessionEvent event) {
        boolean isIdle = !reading && pass.isEmpty() && behind.isEmpty() && !closed && !output.isFull();
        return isIdle && (!(event instanceof LogAppended) || event.offset() <= cursor.next(event.kind()));
    }

    /** Reads these kinds again: entries may have been added without a word. */
    public void check(Set<StoryKind> suspects) {
        suspects.stream()
                .filter(kind -> kind == StoryKind.STATUS || kinds.contains(kind))
                .forEach(behind::add);
        goOn();
    }

    /** All is to be read once more, now that nothing is added any more. */
    private void end() {
        if (!ended) {
            ended = true;
            behind.addAll(kinds);
        }
    }

    /** Reads and tells what there is, as far as the output takes it. */
    public void goOn() {
        while (!reading && !closed && !output.isFull() && (pass.isPresent() || !behind.isEmpty())) {
            StoryMerge merge = pass.orElseGet(this::newPass);
            tellFrom(merge);
            output.flush();
            if (!output.isFull()) {
                merge.wanted().ifPresentOrElse(kind -> read(merge, kind), this::passed);
            }
        }
    }

    private StoryMerge newPass() {
        StoryMerge merge = new StoryMerge(behind);
        behind.clear();
        isLastPass = ended;
        pass = Optional.of(merge);
        return merge;
    }

    private void tellFrom(StoryMerge merge) {
        while (!output.isFull()) {
            Optional<SessionEvent> next = merge.next();
            if (next.isEmpty()) {
                return;
            }
            tell(next.get());
        }
    }

    private void tell(SessionEvent event) {
        cursor = cursor.after(event);
        output.tell(event, cursor);
    }

    private void read(StoryMerge merge, StoryKind kind) {
        reading = true;
        long offset = Math.min(cursor.next(kind), kind == StoryKind.STATUS ? END : Long.MAX_VALUE);
        // Not by recursion: the page may be there at once.
        stored.read(kind, offset)
                .onSuccess(page -> context.runOnContext(ignored -> {
                    merge.add(kind, wanted(kind, page));
                    reading = false;
                    goOn();
                }))
                .onFailure(e -> context.runOnContext(ignored -> fail(e)));
    }

    /** The end is told last, by a pass that began after it, so that it has read all that came before. */
    private List<SessionEvent> wanted(StoryKind kind, List<SessionEvent> page) {
        if (page.stream().anyMatch(SessionEnded.class::isInstance)) {
            end();
        }
        return page.stream()
                .filter(event -> kinds.contains(kind) && !cursor.isPast(event))
                .filter(event -> isLastPass || !(event instanceof SessionEnded))
                .toList();
    }

    private void passed() {
        pass = Optional.empty();
        if (!behind.isEmpty()) {
            return;
        }
        if (ended) {
            close();
            output.end();
        } else if (isLive) {
            output.live();
        } else {
            fail(new BerthException(ErrorCode.NOT_READY, "the session's node does not answer"));
        }
    }

    private void fail(Throwable why) {
        if (!closed) {
            close();
            output.fail(why);
        }
    }

    /** Ends the reading. */
    public void close() {
        closed = true;
        leave.run();
    }
}

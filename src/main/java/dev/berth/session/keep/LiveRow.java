package dev.berth.session.keep;

import dev.berth.clock.Scheduler;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import dev.berth.session.machine.SessionState.Visit;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a session's row and its navigations behind its life: at most {@value #LAG_MILLIS} ms late, and at once where an event waits
 * for what it tells of to be kept. On the session's context.
 */
public final class LiveRow {
    private static final Logger log = LoggerFactory.getLogger(LiveRow.class);
    private static final long LAG_MILLIS = 250;
    private static final long RETRY_MILLIS = 2_000;
    /** As many navigations as a session lists, and its start. */
    private static final int MAX_UNTOLD = SessionSnapshot.MAX_NAVIGATIONS + 1;

    private final Scheduler scheduler;
    private final SessionId id;
    private final SessionHistory.Sessions sessions;
    private final SessionHistory.Navigations navigations;
    private final Supplier<SessionSnapshot> snapshot;
    private final Supplier<List<Visit>> visits;
    private final Consumer<SessionEvent> story;
    private final Map<Long, NavigationEntry> written = new HashMap<>();
    /** Events that wait until what they tell of is written, in their order. */
    private final Deque<SessionEvent> untold = new ArrayDeque<>();

    private Future<Void> writing = Future.succeededFuture();
    private boolean scheduled;
    private boolean last;

    /** @param story is told the events of what is written */
    public LiveRow(
            Scheduler scheduler,
            SessionId id,
            SessionHistory.Sessions sessions,
            SessionHistory.Navigations navigations,
            Supplier<SessionSnapshot> snapshot,
            Supplier<List<Visit>> visits,
            Consumer<SessionEvent> story) {
        this.story = story;
        this.scheduler = scheduler;
        this.id = id;
        this.sessions = sessions;
        this.navigations = navigations;
        this.snapshot = snapshot;
        this.visits = visits;
    }

    /** What it shows has changed. */
    public void changed() {
        writeIn(LAG_MILLIS);
    }

    /** Tells of an entry that the row, or a navigation, has, once that is written. */
    public void tell(SessionEvent event) {
        untold.add(event);
        if (untold.size() > MAX_UNTOLD) {
            // Its navigation is not listed any longer: it will not be written.
            untold.remove();
        }
        if (writing.isComplete()) {
            writeUnlessLast();
        }
    }

    private void writeIn(long millis) {
        if (!scheduled && !last) {
            scheduled = true;
            scheduler.after(millis, () -> {
                scheduled = false;
                writeUnlessLast();
            });
        }
    }

    private void writeUnlessLast() {
        if (last) {
            return;
        }
        if (!writing.isComplete()) {
            changed();
            return;
        }
        writing = write();
        writing.onSuccess(done -> {
                    if (!untold.isEmpty()) {
                        writeUnlessLast();
                    }
                })
                .onFailure(e -> {
                    log.debug("{} its row could not be written, will be again: {}", id, e.toString());
                    writeIn(RETRY_MILLIS);
                });
    }

    /** Writes the final state; completes when it is kept. What is still being written before it can't undo it. */
    public Future<Void> writeLast() {
        last = true;
        Map<Long, NavigationEntry> latest = latest();
        return sessions.end(snapshot.get(), changed(latest))
                .onSuccess(kept -> tellWritten(List.copyOf(untold), latest));
    }

    private Future<Void> write() {
        Map<Long, NavigationEntry> latest = latest();
        List<SessionEvent> about = List.copyOf(untold);
        return navigations
                .save(id, changed(latest))
                .compose(done -> {
                    written.clear();
                    written.putAll(latest);
                    return sessions.save(snapshot.get());
                })
                .onSuccess(done -> tellWritten(about, latest));
    }

    private void tellWritten(List<SessionEvent> about, Map<Long, NavigationEntry> latest) {
        about.stream()
                .filter(untold::remove)
                .filter(event -> !(event instanceof PageNavigated navigated) || latest.containsKey(navigated.offset()))
                .forEach(story);
    }

    private Map<Long, NavigationEntry> latest() {
        Map<Long, NavigationEntry> latest = new HashMap<>();
        visits.get().forEach(visit -> latest.put(visit.seq(), visit.navigation()));
        return latest;
    }

    /** Those that Postgres does not have, or not as they are now. */
    private Map<Long, NavigationEntry> changed(Map<Long, NavigationEntry> latest) {
        Map<Long, NavigationEntry> changed = new HashMap<>(latest);
        changed.entrySet().removeIf(entry -> entry.getValue().equals(written.get(entry.getKey())));
        return changed;
    }
}

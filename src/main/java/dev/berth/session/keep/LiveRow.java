package dev.berth.session.keep;

import dev.berth.clock.Scheduler;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import dev.berth.session.machine.SessionState.Visit;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a session's row and its navigations behind its life: at most {@value #LAG_MILLIS} ms late. */
public final class LiveRow {
    private static final Logger log = LoggerFactory.getLogger(LiveRow.class);
    private static final long LAG_MILLIS = 250;
    private static final long RETRY_MILLIS = 2_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final SessionHistory.Sessions sessions;
    private final SessionHistory.Navigations navigations;
    private final Supplier<SessionSnapshot> snapshot;
    private final Supplier<List<Visit>> visits;
    private final Map<Long, NavigationEntry> written = new HashMap<>();
    private Future<Void> writing = Future.succeededFuture();
    private boolean scheduled;
    private boolean last;

    public LiveRow(
            Scheduler scheduler,
            SessionId id,
            SessionHistory.Sessions sessions,
            SessionHistory.Navigations navigations,
            Supplier<SessionSnapshot> snapshot,
            Supplier<List<Visit>> visits) {
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
        writing.onFailure(e -> {
            log.debug("{} its row could not be written, will be again: {}", id, e.toString());
            writeIn(RETRY_MILLIS);
        });
    }

    /** Writes the final state; completes when it is kept. What is still being written before it can't undo it. */
    public Future<Void> writeLast() {
        last = true;
        return sessions.end(snapshot.get(), changed(latest()));
    }

    private Future<Void> write() {
        Map<Long, NavigationEntry> latest = latest();
        return navigations.save(id, changed(latest)).compose(done -> {
            written.clear();
            written.putAll(latest);
            return sessions.save(snapshot.get());
        });
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

package dev.berth.session.keep;

import dev.berth.history.SessionRepository;
import dev.berth.history.SessionRepository.TrafficLeft;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.UsageSample;
import dev.berth.session.machine.SessionState.PageNavigation;
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
 * Writes a session's row and its navigations: at most {@value #LAG_MILLIS} ms after a change, and at once if an event
 * waits for its entry to be kept. Runs on the session's context.
 */
public final class LiveRow {
    private static final Logger log = LoggerFactory.getLogger(LiveRow.class);
    private static final long LAG_MILLIS = 250;
    private static final long RETRY_MILLIS = 2_000;
    /**
     * Limit for the events that wait for Postgres: beyond it, the oldest are of navigations that the session lists no more, and are not
     * written.
     */
    static final int MAX_UNPUBLISHED = 10 * SessionDescription.MAX_NAVIGATIONS;

    private final Scheduler scheduler;
    private final SessionId id;
    private final SessionRepository sessions;
    private final Supplier<SessionDescription> description;
    private final Supplier<List<PageNavigation>> latestNavigations;
    private final Supplier<List<UsageSample>> usage;
    private final Consumer<SessionEvent> story;
    private final Consumer<TrafficLeft> allowance;
    private final Map<Long, NavigationEntry> written = new HashMap<>();
    /** Events whose entries are not written yet, in order. */
    private final Deque<SessionEvent> unpublished = new ArrayDeque<>();

    private Future<Void> writing = Future.succeededFuture();
    private boolean scheduled;
    private boolean last;

    /**
     * @param story receives the events whose entries are written
     * @param allowance receives what may still be sent and received, where that is limited
     */
    public LiveRow(
            Scheduler scheduler,
            SessionId id,
            SessionRepository sessions,
            Supplier<SessionDescription> description,
            Supplier<List<PageNavigation>> latestNavigations,
            Supplier<List<UsageSample>> usage,
            Consumer<SessionEvent> story,
            Consumer<TrafficLeft> allowance) {
        this.usage = usage;
        this.story = story;
        this.allowance = allowance;
        this.scheduler = scheduler;
        this.id = id;
        this.sessions = sessions;
        this.description = description;
        this.latestNavigations = latestNavigations;
    }

    /** To be called when the row's content has changed. */
    public void changed() {
        writeIn(LAG_MILLIS);
    }

    /** Publishes the event once its entry, in the row or a navigation, is written. */
    public void tell(SessionEvent event) {
        unpublished.add(event);
        if (unpublished.size() > MAX_UNPUBLISHED) {
            unpublished.stream()
                    .filter(PageNavigated.class::isInstance)
                    .findFirst()
                    .ifPresent(unpublished::remove);
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
                    if (!unpublished.isEmpty()) {
                        writeUnlessLast();
                    }
                })
                .onFailure(e -> {
                    log.debug("{} its row could not be written, will retry: {}", id, e.toString());
                    writeIn(RETRY_MILLIS);
                });
    }

    /** Writes the final state; completes when it is kept. A write that is still in progress can't undo it. */
    public Future<Void> writeLast() {
        last = true;
        Map<Long, NavigationEntry> latest = latest();
        return sessions.end(description.get(), changed(latest), usage.get())
                .onSuccess(kept -> publishWritten(List.copyOf(unpublished), latest));
    }

    private Future<Void> write() {
        Map<Long, NavigationEntry> latest = latest();
        List<SessionEvent> about = List.copyOf(unpublished);
        return sessions.saveNavigations(id, changed(latest))
                .compose(done -> {
                    written.clear();
                    written.putAll(latest);
                    return sessions.save(description.get());
                })
                .map(left -> {
                    left.ifPresent(allowance);
                    publishWritten(about, latest);
                    return null;
                });
    }

    private void publishWritten(List<SessionEvent> about, Map<Long, NavigationEntry> latest) {
        about.stream()
                .filter(unpublished::remove)
                .filter(event -> !(event instanceof PageNavigated navigated) || latest.containsKey(navigated.offset()))
                .forEach(story);
    }

    private Map<Long, NavigationEntry> latest() {
        Map<Long, NavigationEntry> latest = new HashMap<>();
        latestNavigations.get().forEach(navigation -> latest.put(navigation.seq(), navigation.entry()));
        return latest;
    }

    /** The navigations that Postgres lacks or has in an older form. */
    private Map<Long, NavigationEntry> changed(Map<Long, NavigationEntry> latest) {
        Map<Long, NavigationEntry> changed = new HashMap<>(latest);
        changed.entrySet().removeIf(entry -> entry.getValue().equals(written.get(entry.getKey())));
        return changed;
    }
}

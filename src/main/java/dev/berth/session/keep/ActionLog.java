package dev.berth.session.keep;

import dev.berth.history.ActionRepository;
import dev.berth.loop.PendingWork;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.secrets.HiddenTexts;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions of one session: kept in the history, the latest also in memory. Runs on the session's context. */
public final class ActionLog {
    private static final Logger log = LoggerFactory.getLogger(ActionLog.class);
    private static final int IN_MEMORY = 200;

    private final SessionId id;
    private final ActionRepository repository;
    private final Deque<ActionEntry> latest = new ArrayDeque<>();
    private final HiddenTexts hidden;
    private final Listener listener;
    private final PendingWork writes = new PendingWork();
    private long next;
    private long kept;
    private ActionSource latestSource = ActionSource.BUS;
    private Consumer<ActionEntry> beforeEach = entry -> {};

    /** Receives each action once it is kept. */
    public interface Listener {
        /** @param offset by which the action can be read */
        void kept(long offset, ActionEntry action);
    }

    public ActionLog(SessionId id, ActionRepository repository, HiddenTexts hidden, Listener listener) {
        this.id = id;
        this.repository = repository;
        this.hidden = hidden;
        this.listener = listener;
    }

    /** @param what has to be done before an entry comes; it may append others, which come first */
    public void beforeEach(Consumer<ActionEntry> what) {
        beforeEach = what;
    }

    /** Records the source of the current action. */
    public void causedBy(ActionSource source) {
        latestSource = source;
    }

    /** The source of the latest action: what the browser does as a consequence is attributed to it. */
    public ActionSource latestSource() {
        return latestSource;
    }

    /** Completes when the action is kept; only then does it count. */
    public Future<Void> append(ActionEntry whole) {
        beforeEach.accept(whole);
        ActionEntry action = hidden.now().hideIn(whole, ActionEntry.class);
        latestSource = action.source();
        long offset = next++;
        Future<Void> written = repository.append(id, offset, action).onSuccess(safe -> {
            kept++;
            latest.add(action);
            if (latest.size() > IN_MEMORY) {
                latest.remove();
            }
            listener.kept(offset, action);
        });
        writes.add(written);
        return written;
    }

    /** Like {@link #append}, for what nobody waits for an answer to: a failure is a line of the server's log. */
    public Future<Void> note(ActionEntry action) {
        return append(action).onFailure(e -> log.error("{} an action could not be logged: {}", id, e.toString()));
    }

    /** Completes when all actions so far are kept and counted, or have failed. */
    public Future<Void> settled() {
        return writes.settled();
    }

    public ActionSlice read(ReadActions read) {
        long first = kept - latest.size();
        boolean complete = read.offset() >= first;
        return new ActionSlice(
                latest.stream()
                        .skip(Math.max(0, read.offset() - first))
                        .limit(read.limit())
                        .toList(),
                kept,
                complete);
    }
}

package dev.berth.session;

import dev.berth.history.ActionRepository;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionPage;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What was done in one session: committed to the history, the latest also in memory. */
final class ActionLog {
    private static final int IN_MEMORY = 200;

    private final SessionId id;
    private final ActionRepository repository;
    private final Deque<ActionEntry> latest = new ArrayDeque<>();
    private final Consumer<ActionEntry> onAppended;
    private long next;
    private ActionSource latestSource = ActionSource.REST;

    /** @param onAppended is told each action, which need not be committed yet */
    ActionLog(SessionId id, ActionRepository repository, Consumer<ActionEntry> onAppended) {
        this.id = id;
        this.repository = repository;
        this.onAppended = onAppended;
    }

    /** Who does something now. */
    void causedBy(ActionSource source) {
        latestSource = source;
    }

    /** Who last did something: what the browser does because of it is put down to them. */
    ActionSource latestSource() {
        return latestSource;
    }

    /** Completes when the action is committed. */
    Future<Void> append(ActionEntry action) {
        latest.add(action);
        if (latest.size() > IN_MEMORY) {
            latest.remove();
        }
        latestSource = action.source();
        Future<Void> committed = repository.append(id, next++, action);
        onAppended.accept(action);
        return committed;
    }

    ActionPage read(ReadActions read) {
        long first = next - latest.size();
        boolean complete = read.offset() >= first;
        return new ActionPage(
                latest.stream()
                        .skip(Math.max(0, read.offset() - first))
                        .limit(read.limit())
                        .toList(),
                next,
                complete);
    }
}

package dev.berth.session;

import dev.berth.history.ActionRepository;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.SessionCommand.ReadActions;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionPage;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was done in one session: committed to the history, the latest also in memory. */
final class ActionLog {
    private static final int IN_MEMORY = 200;

    private final SessionId id;
    private final ActionRepository repository;
    private final Deque<ActionEntry> latest = new ArrayDeque<>();
    private long next;

    ActionLog(SessionId id, ActionRepository repository) {
        this.id = id;
        this.repository = repository;
    }

    /** Completes when the action is committed. */
    Future<Void> append(ActionEntry action) {
        latest.add(action);
        if (latest.size() > IN_MEMORY) {
            latest.remove();
        }
        return repository.append(id, next++, action);
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

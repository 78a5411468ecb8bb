package dev.berth.agent;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.CancelAction;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a task does in its browser: nothing more, once the task is over. Used on one context. */
final class TaskActions {
    private static final Logger log = LoggerFactory.getLogger(TaskActions.class);

    private final SessionClient client;
    private final SessionId session;
    private final TaskId task;
    private Future<?> latest = Future.succeededFuture();
    private boolean over;

    /** @param client whose actions have the task's id as their name */
    TaskActions(SessionClient client, SessionId session, TaskId task) {
        this.client = client;
        this.session = session;
        this.task = task;
    }

    /** Does it; fails where the task is over. */
    <T> Future<T> run(Supplier<Future<T>> act) {
        if (over) {
            return Future.failedFuture(new BerthException(ErrorCode.ACTION_FAILED, "the task is over"));
        }
        Future<T> acting = act.get();
        latest = acting;
        return acting;
    }

    /** Gives up the act that runs, and refuses others. */
    void giveUp() {
        over = true;
        if (!latest.isComplete()) {
            client.ask(session, new CancelAction(task.value()))
                    .onFailure(e -> log.debug("{} could not give up its act: {}", task, e.getMessage()));
        }
    }
}

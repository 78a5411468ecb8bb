package dev.berth.agent;

import dev.berth.agent.machine.TaskEffect.KeepStep;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.TaskStep;
import java.time.Instant;
import java.util.Optional;

/** Makes the record of each step: when it began, how long it took, and which action of the session it is. Used on one context. */
final class StepLog {
    private final Scheduler scheduler;
    private final PageData data;
    private Instant actedAt;
    private long actedNanos;
    private Optional<String> actionId = Optional.empty();

    StepLog(Scheduler scheduler, PageData data) {
        this.scheduler = scheduler;
        this.data = data;
        this.actedAt = scheduler.now();
    }

    /** A tool begins to run. */
    void begin() {
        actedAt = scheduler.now();
        actedNanos = scheduler.nanos();
        actionId = Optional.empty();
    }

    /** An action of the task is in the session's log. */
    void performed(String id) {
        actionId = Optional.of(id);
    }

    /** The step that ended now. */
    TaskStep of(KeepStep step) {
        boolean ran = TaskTools.isVerb(step.tool()) && actionId.isPresent();
        long millis = ran ? (scheduler.nanos() - actedNanos) / 1_000_000 : 0;
        TaskStep done = new TaskStep(
                step.number(),
                ran ? actedAt : scheduler.now(),
                step.tool(),
                step.arguments(),
                step.success(),
                step.reason().map(data::plain),
                step.error().map(data::plain),
                ran ? actionId : Optional.empty(),
                millis,
                step.cost());
        actionId = Optional.empty();
        return done;
    }
}

package dev.berth.agent;

import dev.berth.agent.machine.TaskInput;
import dev.berth.agent.machine.TaskInput.Rested;
import dev.berth.agent.machine.TaskState.TaskPhase;
import dev.berth.loop.Scheduler;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits for the people who act in the live view of a task's session. Used on one context. */
final class People {
    private static final long LISTEN_MILLIS = 1_000;

    private final TaskSession session;
    private final Scheduler scheduler;
    private final Supplier<TaskPhase> phase;
    private final Consumer<TaskInput> tell;
    private final Consumer<Throwable> broken;

    /**
     * @param tell gets {@link Rested}
     * @param broken gets why the session does not answer
     */
    People(
            TaskSession session,
            Scheduler scheduler,
            Supplier<TaskPhase> phase,
            Consumer<TaskInput> tell,
            Consumer<Throwable> broken) {
        this.session = session;
        this.scheduler = scheduler;
        this.phase = phase;
        this.tell = tell;
        this.broken = broken;
    }

    void awaitRest() {
        awaitRest(false);
    }

    /** @param acted whether somebody has: one may act for longer than one command waits */
    private void awaitRest(boolean acted) {
        session.rest().onFailure(broken::accept).onSuccess(rest -> {
            if (rest.resting() || phase.get() == TaskPhase.ENDED) {
                tell.accept(new Rested(acted || rest.acted()));
            } else {
                awaitRest(true);
            }
        });
    }

    /** Tells when somebody has acted instead of an answer. Acts from before the question don't count. */
    void awaitAct() {
        session.rest().onComplete(before -> listen());
    }

    private void listen() {
        if (phase.get() != TaskPhase.WAITING) {
            return;
        }
        session.rest().onFailure(broken::accept).onSuccess(rest -> {
            if (rest.resting() && rest.acted()) {
                tell.accept(new Rested(true));
            } else {
                scheduler.after(LISTEN_MILLIS, this::listen);
            }
        });
    }
}

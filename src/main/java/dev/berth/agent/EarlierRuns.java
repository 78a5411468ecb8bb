package dev.berth.agent;

import dev.berth.agent.AgentVerticle.AgentServices;
import dev.berth.agent.machine.Replay;
import dev.berth.agent.machine.TaskOutcome;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recorded steps of a task's earlier runs, to be repeated, and the steps that this run leaves to later ones. Used on one context. */
final class EarlierRuns {
    private static final Logger log = LoggerFactory.getLogger(EarlierRuns.class);
    private static final long ARRIVAL_MILLIS = 500;
    private static final int ARRIVAL_TRIES = 10;

    private final ExecuteTask request;
    private final TaskSession session;
    private final AgentServices services;

    EarlierRuns(ExecuteTask request, TaskSession session, AgentServices services) {
        this.request = request;
        this.session = session;
        this.services = services;
    }

    /** The steps of an earlier run that are to be repeated. Never fails: without them the model does the task. */
    Future<Optional<Replay>> steps() {
        return request.spec().reuse()
                ? services.history().replay(request).otherwise(e -> {
                    log.warn(
                            "{} runs without the steps of earlier runs, which can't be read: {}",
                            request.taskId(),
                            e.getMessage());
                    return Optional.empty();
                })
                : Future.succeededFuture(Optional.empty());
    }

    /** Completes when the page is at its destination, or does not come there soon: a script may still be on its way. */
    Future<Void> arrival(Optional<String> destination) {
        Promise<Void> arrival = Promise.promise();
        destination.ifPresentOrElse(place -> await(place, ARRIVAL_TRIES, arrival), arrival::complete);
        return arrival.future();
    }

    private void await(String destination, int tries, Promise<Void> arrival) {
        session.place().onFailure(arrival::fail).onSuccess(place -> {
            if (place.equals(destination) || tries == 1) {
                arrival.complete();
            } else {
                services.scheduler().after(ARRIVAL_MILLIS, () -> await(destination, tries - 1, arrival));
            }
        });
    }

    /** The steps that later runs may repeat, if this run completed. To be called while the session exists. Never fails. */
    Future<Optional<Replay>> left(TaskOutcome outcome) {
        return outcome.status() == TaskStatus.COMPLETED
                ? session.place()
                        .map(place -> Optional.of(
                                session.recorder().replay(outcome.output().isPresent(), place)))
                        .otherwise(Optional.empty())
                : Future.succeededFuture(Optional.empty());
    }

    /** Never fails: without these steps the model does later tasks. */
    Future<?> keep(Replay steps) {
        return services.history()
                .keep(request, steps)
                .onFailure(e -> log.warn(
                        "the steps of {} could not be stored for later runs: {}", request.taskId(), e.getMessage()))
                .otherwiseEmpty();
    }
}

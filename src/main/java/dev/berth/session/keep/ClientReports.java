package dev.berth.session.keep;

import dev.berth.history.ReportRepository;
import dev.berth.history.ReportRepository.ChangedLife;
import dev.berth.limits.CountLimit;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ReportCommand.AddSteps;
import dev.berth.protocol.ReportCommand.ChangedTimeouts;
import dev.berth.protocol.ReportCommand.StepsAdded;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.StepEntry;
import dev.berth.secrets.HiddenTexts;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What clients report of a live session: written to Postgres one after the other, so that events come in the order of their offsets.
 * Runs on the session's context.
 */
public final class ClientReports {
    /** Limit for the reports of a session that wait to be written, which clients send, up to 1 MiB each: calls. */
    static final int MAX_WAITING = 100;

    private final Scheduler scheduler;
    private final SessionId id;
    private final ReportRepository repository;
    private final HiddenTexts hidden;
    private final Consumer<SessionEvent> story;
    private final CountLimit<SessionId> waiting = new CountLimit<>(
            MAX_WAITING,
            MAX_WAITING + " updates and steps of this session wait to be written: send the next when some are answered,"
                    + " or several steps in one call");
    private Future<?> latest = Future.succeededFuture();

    /**
     * @param hidden is replaced in the texts of steps
     * @param story receives the steps that are written
     */
    public ClientReports(
            Scheduler scheduler,
            SessionId id,
            ReportRepository repository,
            HiddenTexts hidden,
            Consumer<SessionEvent> story) {
        this.scheduler = scheduler;
        this.id = id;
        this.repository = repository;
        this.hidden = hidden;
        this.story = story;
    }

    /**
     * An update that is written.
     *
     * @param life the new times of the session, where they changed
     */
    public record Written(SessionEvent.SessionUpdated event, Optional<ChangedLife> life) {}

    /** @param timeouts of the session at the time when the change is its turn */
    public Future<Written> update(UpdateSession change, Instant createdAt, Supplier<SessionTimeouts> timeouts) {
        return inTurn(() -> {
            Optional<ChangedLife> life = life(change.timeouts(), createdAt, timeouts.get());
            return repository.update(id, Optional.empty(), change, life).map(event -> new Written(event, life));
        });
    }

    private Optional<ChangedLife> life(ChangedTimeouts change, Instant createdAt, SessionTimeouts before) {
        if (!change.some()) {
            return Optional.empty();
        }
        SessionTimeouts timeouts = new SessionTimeouts(
                change.idle().orElse(before.idle()), change.lifetime().orElse(before.lifetime()), before.reconnect());
        Instant expiresAt = createdAt.plusMillis(timeouts.lifetime());
        if (!expiresAt.isAfter(scheduler.now())) {
            throw BerthException.invalid(
                    "timeouts.lifetime counts from the session's creation and would already be over:"
                            + " set a larger value, or end the session");
        }
        return Optional.of(new ChangedLife(timeouts, expiresAt));
    }

    public Future<StepsAdded> add(AddSteps command) {
        List<StepEntry> steps = command.steps().stream()
                .map(step -> hidden.now().hideIn(step, StepEntry.class))
                .toList();
        return inTurn(() -> repository.add(id, steps)).map(added -> {
            added.forEach(story);
            return new StepsAdded(added.size());
        });
    }

    private <T> Future<T> inTurn(Supplier<Future<T>> write) {
        return waiting.during(id, () -> {
            Future<T> next = latest.transform(before -> write.get());
            latest = next;
            return next;
        });
    }
}

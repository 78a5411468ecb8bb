package dev.berth.session.act;

import dev.berth.limits.Rate;
import dev.berth.loop.Scheduler;
import dev.berth.loop.Scheduler.Timer;
import dev.berth.protocol.ActionEntry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Limits the entries of the action log by people in the live view, who may click as fast as a program, and those that pages tell of CDP
 * clients' input. Entries beyond a burst and a rate are counted, in one entry for some seconds. Runs on the session's context.
 */
final class LiveEntries {
    static final String COUNTED = "input";
    static final int BURST = 100;
    static final long COUNTED_MILLIS = 5_000;
    private static final int PER_SECOND = 2;
    /** Limit for a burst of the acts of CDP clients, which are programs. A page may report acts that nobody did. */
    private static final int CLIENT_BURST = 1_000;

    private static final int CLIENT_PER_SECOND = 50;

    private final Scheduler scheduler;
    private final Consumer<ActionEntry> log;
    private final Rate rate;
    private final Map<String, Integer> counts = new TreeMap<>();
    /** The first of those that are counted, and when they are told. */
    private Optional<ActionEntry> first = Optional.empty();

    private Optional<Timer> due = Optional.empty();

    private LiveEntries(Scheduler scheduler, Consumer<ActionEntry> log, int burst, int perSecond) {
        this.scheduler = scheduler;
        this.log = log;
        this.rate = new Rate(burst, perSecond, scheduler.nanos());
    }

    static LiveEntries ofPeople(Scheduler scheduler, Consumer<ActionEntry> log) {
        return new LiveEntries(scheduler, log, BURST, PER_SECOND);
    }

    static LiveEntries ofClients(Scheduler scheduler, Consumer<ActionEntry> log) {
        return new LiveEntries(scheduler, log, CLIENT_BURST, CLIENT_PER_SECOND);
    }

    void add(ActionEntry entry) {
        if (first.isEmpty() && take()) {
            log.accept(entry);
        } else {
            count(entry);
        }
    }

    private boolean take() {
        return rate.tryTake(1, scheduler.nanos());
    }

    private void count(ActionEntry entry) {
        counts.merge(entry.type(), 1, Integer::sum);
        if (first.isEmpty()) {
            first = Optional.of(entry);
            due = Optional.of(scheduler.after(COUNTED_MILLIS, this::flush));
        }
    }

    /** Logs what is counted. */
    void flush() {
        due.ifPresent(Timer::cancel);
        due = Optional.empty();
        Optional<ActionEntry> counted = first;
        first = Optional.empty();
        counted.ifPresent(began -> {
            take();
            log.accept(sum(began));
            counts.clear();
        });
    }

    private ActionEntry sum(ActionEntry began) {
        return new ActionEntry(
                ActionEntry.newId(),
                COUNTED,
                began.timestamp(),
                true,
                Map.of("counts", Map.copyOf(counts)),
                Duration.between(began.timestamp(), scheduler.now()).toMillis(),
                began.source(),
                Optional.empty(),
                began.cost());
    }
}

package dev.berth.fake;

import dev.berth.loop.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A clock that a test turns by hand, and timers by it. What is due runs on the context that set it. Any thread may call. */
public final class HandScheduler implements Scheduler {
    private static final long MILLI = 1_000_000;
    private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
    private final List<Due> set = new ArrayList<>();
    private long nanos;
    private long count;

    private final class Due implements Timer {
        private final long atNanos;
        private final long number = count++;
        private final Context context = Vertx.currentContext();
        private final Runnable action;

        private Due(long atNanos, Runnable action) {
            this.atNanos = atNanos;
            this.action = action;
        }

        @Override
        public void cancel() {
            synchronized (HandScheduler.this) {
                set.remove(this);
            }
        }

        /** Not where it was cancelled meanwhile: a real timer is not run then either. */
        private void run() {
            boolean due;
            synchronized (HandScheduler.this) {
                due = set.remove(this);
            }
            if (due) {
                action.run();
            }
        }
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Timer after(long millis, Runnable action) {
        Due due = new Due(nanos + Math.max(1, millis) * MILLI, action);
        set.add(due);
        return due;
    }

    @Override
    public synchronized Timer at(Instant when, Runnable action) {
        return after(when.toEpochMilli() - now().toEpochMilli(), action);
    }

    /** How many timers are set. */
    public synchronized int timers() {
        return set.size();
    }

    /** Turns the clock on, and runs what becomes due, one after another. */
    public void advance(long millis) throws InterruptedException {
        long until = nanos() + millis * MILLI;
        for (Optional<Due> next = next(until); next.isPresent(); next = next(until)) {
            Due due = next.get();
            synchronized (this) {
                nanos = Math.max(nanos, due.atNanos);
            }
            run(due);
        }
        synchronized (this) {
            nanos = until;
        }
    }

    private synchronized Optional<Due> next(long untilNanos) {
        return set.stream()
                .filter(due -> due.atNanos <= untilNanos)
                .min(Comparator.<Due>comparingLong(due -> due.atNanos).thenComparingLong(due -> due.number));
    }

    private static void run(Due due) throws InterruptedException {
        if (due.context == null) {
            due.run();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        due.context.runOnContext(ignored -> {
            try {
                due.run();
            } finally {
                done.countDown();
            }
        });
        if (!done.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a timer's action did not come to its end");
        }
    }
}

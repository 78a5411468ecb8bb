package dev.berth.limits;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs a limited number of works at the same time, in all and of each holder; others wait. Holders take turns, so that one with many
 * works does not make others wait. For any thread; a work runs, and its result comes, on the context of its caller.
 *
 * @param <K> the holders
 */
public final class FairQueue<K> {
    private static final BerthException UNWANTED = new BerthException(ErrorCode.CONFLICT, "it is no longer wanted");

    private final int atOnce;
    private final int atOnceEach;
    private final CountLimit<K> waiting;
    private final Patience patience;
    // The following fields are guarded by this.
    /** The works that wait, by holder, in the order of the holders' turns. */
    private final Map<K, Queue<Work<K, ?>>> queues = new LinkedHashMap<>();

    private final Map<K, Integer> running = new HashMap<>();
    private int runningInAll;

    private record Work<K, T>(K holder, long since, Context context, Supplier<Future<T>> work, Promise<T> done) {}

    /**
     * How long a work may wait: as long as its caller does.
     *
     * @param late the failure of a work whose turn comes later, and that is not begun any more
     */
    public record Patience(long millis, BerthException late) {}

    /** For a queue in which {@code atOnceEach} does not limit a holder, give {@code atOnce} again. */
    public FairQueue(int atOnce, int atOnceEach, CountLimit<K> waiting) {
        this(atOnce, atOnceEach, waiting, new Patience(Long.MAX_VALUE / 1_000_000, null));
    }

    /** @param waiting how many works may wait */
    public FairQueue(int atOnce, int atOnceEach, CountLimit<K> waiting, Patience patience) {
        this.atOnce = atOnce;
        this.atOnceEach = atOnceEach;
        this.waiting = waiting;
        this.patience = patience;
    }

    /** Runs {@code work} when it is its holder's turn; at once, before this returns, where that is now. Fails where too many wait. */
    public <T> Future<T> run(K holder, Supplier<Future<T>> work) {
        return run(holder, work, Future.future(never -> {}));
    }

    /** @param unwanted completes when the work need not begin any more: if it waits then, it leaves the queue, and fails */
    public <T> Future<T> run(K holder, Supplier<Future<T>> work, Future<?> unwanted) {
        Context context = Vertx.currentContext();
        Promise<T> done = context == null ? Promise.promise() : LoopPromise.on(context);
        Work<K, T> next = new Work<>(holder, System.nanoTime(), context, work, done);
        try {
            if (enter(next)) {
                begin(next);
            } else {
                unwanted.onComplete(left -> drop(next));
            }
        } catch (BerthException full) {
            done.fail(full);
        }
        return done.future();
    }

    private synchronized boolean enter(Work<K, ?> work) {
        if (mayRun(work.holder)) {
            count(work.holder);
            return true;
        }
        waiting.add(work.holder);
        queues.computeIfAbsent(work.holder, holder -> new ArrayDeque<>()).add(work);
        return false;
    }

    private void drop(Work<K, ?> work) {
        if (leaves(work)) {
            work.done.fail(UNWANTED);
        }
    }

    private synchronized boolean leaves(Work<K, ?> work) {
        Queue<Work<K, ?>> own = queues.getOrDefault(work.holder, new ArrayDeque<>());
        boolean waited = own.remove(work);
        if (waited) {
            waiting.remove(work.holder);
            queues.computeIfPresent(work.holder, (holder, left) -> left.isEmpty() ? null : left);
        }
        return waited;
    }

    private boolean mayRun(K holder) {
        return runningInAll < atOnce && running.getOrDefault(holder, 0) < atOnceEach;
    }

    private void count(K holder) {
        running.merge(holder, 1, Integer::sum);
        runningInAll++;
    }

    private <T> void begin(Work<K, T> work) {
        Future.succeededFuture().compose(now -> work.work.get()).onComplete(result -> {
            leave(work.holder);
            work.done.handle(result);
        });
    }

    /** Not by recursion: many may be late at once. */
    private void leave(K holder) {
        for (Work<K, ?> next = swap(holder); next != null; next = swap(next.holder)) {
            if (System.nanoTime() - next.since < TimeUnit.MILLISECONDS.toNanos(patience.millis)) {
                start(next);
                return;
            }
            next.done.fail(patience.late);
        }
    }

    private void start(Work<K, ?> work) {
        if (work.context == null) {
            begin(work);
        } else {
            work.context.runOnContext(turn -> begin(work));
        }
    }

    /** Gives the place of one that ran to the next that may have it, or null. */
    private synchronized Work<K, ?> swap(K left) {
        running.computeIfPresent(left, (holder, count) -> count == 1 ? null : count - 1);
        runningInAll--;
        K holder = queues.keySet().stream().filter(this::mayRun).findFirst().orElse(null);
        if (holder == null) {
            return null;
        }
        Queue<Work<K, ?>> own = queues.remove(holder);
        Work<K, ?> next = own.remove();
        if (!own.isEmpty()) {
            queues.put(holder, own);
        }
        waiting.remove(holder);
        count(holder);
        return next;
    }
}

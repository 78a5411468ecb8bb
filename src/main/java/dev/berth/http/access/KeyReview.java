package dev.berth.http.access;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks again in Postgres whether keys that are held as valid still exist, after a time in which revocations may have been
 * missed. They stay valid until Postgres has answered: while it is down nobody else can be let in either. On one event loop.
 */
public final class KeyReview {
    private static final Logger log = LoggerFactory.getLogger(KeyReview.class);
    static final int MAX_BATCH = 500;

    private final Function<Collection<Long>, Future<Set<Long>>> findIds;
    private final Supplier<Set<Long>> known;
    private final LongPredicate stays;
    private final LongConsumer gone;
    private final Consumer<Runnable> later;
    private final Queue<Long> unasked = new ArrayDeque<>();
    private boolean underWay;

    /**
     * @param findIds gives those of the keys that exist
     * @param known the keys to check
     * @param stays whether a key is valid whatever Postgres says
     * @param gone called with each key that no longer exists
     * @param later runs a task after a pause
     */
    public KeyReview(
            Function<Collection<Long>, Future<Set<Long>>> findIds,
            Supplier<Set<Long>> known,
            LongPredicate stays,
            LongConsumer gone,
            Consumer<Runnable> later) {
        this.findIds = findIds;
        this.known = known;
        this.stays = stays;
        this.gone = gone;
        this.later = later;
    }

    /** Checks all keys that are held now. A key that is being checked already is checked once more. */
    public void begin() {
        unasked.clear();
        known.get().stream().filter(id -> !stays.test(id)).forEach(unasked::add);
        askNext();
    }

    private void askNext() {
        if (underWay || unasked.isEmpty()) {
            return;
        }
        underWay = true;
        Set<Long> batch = takeBatch();
        Future.succeededFuture().compose(now -> findIds.apply(batch)).onComplete(found -> {
            if (found.succeeded()) {
                underWay = false;
                batch.stream().filter(id -> !found.result().contains(id)).forEach(gone::accept);
                askNext();
            } else {
                log.debug("keys could not be checked: {}", found.cause().getMessage());
                unasked.addAll(batch);
                later.accept(() -> {
                    underWay = false;
                    askNext();
                });
            }
        });
    }

    private Set<Long> takeBatch() {
        Set<Long> batch = new HashSet<>();
        for (Iterator<Long> next = unasked.iterator(); next.hasNext() && batch.size() < MAX_BATCH; next.remove()) {
            batch.add(next.next());
        }
        return batch;
    }
}

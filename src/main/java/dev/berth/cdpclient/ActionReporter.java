package dev.berth.cdpclient;

import dev.berth.protocol.ActionEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports a client's actions to its session in order, one batch at a time. */
final class ActionReporter {
    private static final Logger log = LoggerFactory.getLogger(ActionReporter.class);
    private static final int MAX_BATCH = 200;

    private final Function<List<ActionEntry>, Future<?>> deliver;
    private final Runnable onDelivered;
    private final Queue<ActionEntry> waiting = new ArrayDeque<>();
    private final Promise<Void> done = Promise.promise();
    private boolean delivering;
    private boolean closing;

    /**
     * @param deliver completes when a batch is in the action log
     * @param onDelivered called after each batch
     */
    ActionReporter(Function<List<ActionEntry>, Future<?>> deliver, Runnable onDelivered) {
        this.deliver = deliver;
        this.onDelivered = onDelivered;
    }

    void add(Collection<ActionEntry> actions) {
        waiting.addAll(actions);
        deliverNext();
    }

    int waiting() {
        return waiting.size();
    }

    /** Completes when all actions are reported. */
    Future<Void> close() {
        closing = true;
        deliverNext();
        return done.future();
    }

    private void deliverNext() {
        if (delivering) {
            return;
        }
        if (waiting.isEmpty()) {
            if (closing) {
                done.tryComplete();
            }
            return;
        }
        List<ActionEntry> batch = new ArrayList<>();
        while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        delivering = true;
        deliver.apply(batch)
                .onFailure(
                        e -> log.warn("{} actions of a client could not be logged: {}", batch.size(), e.getMessage()))
                .onComplete(delivered -> {
                    delivering = false;
                    onDelivered.run();
                    deliverNext();
                });
    }
}

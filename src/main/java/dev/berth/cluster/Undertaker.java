package dev.berth.cluster;

import dev.berth.history.LostNodes;
import dev.berth.history.NodeRepository;
import dev.berth.history.NodeRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Declares nodes lost, and tells their users of the end of what they held. On the context of the {@link LeaseKeeper}. */
final class Undertaker {
    private static final Logger log = LoggerFactory.getLogger(Undertaker.class);
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Vertx bus;
    private final NodeRepository nodes;
    private final LostNodes lost;
    private final AtomicLong declared = new AtomicLong();
    private long sweptAt = System.nanoTime();

    /** @param bus on which sessions tell their events */
    Undertaker(Vertx bus, NodeRepository nodes, LostNodes lost) {
        this.bus = bus;
        this.nodes = nodes;
        this.lost = lost;
    }

    /** How many nodes this one declared lost. For any thread. */
    long declared() {
        return declared.get();
    }

    /** One after the other; those that have renewed since, or that another node declares, are left out. Never fails. */
    Future<?> declare(List<NodeRow> dead) {
        return dead.stream()
                .reduce(
                        Future.<Object>succeededFuture(),
                        (before, node) -> before.transform(done -> declare(node).mapEmpty()),
                        (one, other) -> other)
                .otherwiseEmpty();
    }

    private Future<?> declare(NodeRow node) {
        return lost.declare(node)
                .onSuccess(ended -> ended.ifPresent(all -> {
                    declared.incrementAndGet();
                    log.warn(
                            "{} at {} did not renew its lease and is declared lost, with {} sessions and {} tasks",
                            node.machineId(),
                            node.host(),
                            all.sessions().size(),
                            all.tasks().size());
                }))
                .onSuccess(this::tell)
                .onFailure(e -> log.warn("{} could not be declared lost: {}", node.machineId(), e.toString()));
    }

    /** Ends what stopped processes claimed after they had been declared lost. */
    void sweepNowAndThen() {
        long now = System.nanoTime();
        if (now - sweptAt < SWEEP_NANOS) {
            return;
        }
        sweptAt = now;
        nodes.departedWithSessions()
                .onSuccess(departed -> departed.forEach(node -> lost.sweep(node)
                        .onSuccess(this::tell)
                        .onFailure(e -> log.debug("{} could not be swept: {}", node.machineId(), e.toString()))))
                .onFailure(e -> log.debug("departed nodes could not be looked for: {}", e.toString()));
    }

    private void tell(Optional<LostNodes.Ended> ended) {
        ended.ifPresent(all -> LostEnds.tell(bus, all));
    }
}

package dev.berth.session;

import dev.berth.clock.Scheduler;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TakeWaiting;
import dev.berth.protocol.WaitingGiven;
import dev.berth.protocol.WaitingTold;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the other nodes told of their queues, and the questions to them. Runs on the supervisor's context. */
final class OtherQueues implements Admission.Others {
    private static final Logger log = LoggerFactory.getLogger(OtherQueues.class);
    /** The time between two words of a node whose sessions wait. */
    static final long TELL_MILLIS = 2_000;
    /** A node that was not heard for so long is not asked. */
    private static final long HEARD_MILLIS = 5 * TELL_MILLIS;
    /** A node that gave none is not asked for so long, unless it tells something new. */
    private static final long REST_MILLIS = 3_000;
    /** Sessions that wait here are held up by the question for no longer. */
    private static final long ANSWER_MILLIS = 8_000;
    /** Far more than there are nodes in a cluster. */
    private static final int MAX_NODES = 1_000;

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final String machineId;
    private final BooleanSupplier mayTake;
    private final Runnable onChange;
    private final Runnable onDoubt;
    private final Set<SessionId> held;
    private final Map<String, Queue> queues = new HashMap<>();
    /** Until when nodes are not asked that failed to give what they have, whatever they tell. */
    private final Map<String, Long> failing = new HashMap<>();

    /** @param notBeforeNanos when the node may be asked again, in lived time */
    private record Queue(Instant since, long heardNanos, long notBeforeNanos) {}

    /**
     * @param mayTake whether this node may take sessions
     * @param onChange called where the queue here has changed
     * @param onDoubt called where a question was not answered: a session may have been given nevertheless
     * @param held the sessions that are here; read only
     */
    OtherQueues(
            Vertx vertx,
            Scheduler scheduler,
            String machineId,
            BooleanSupplier mayTake,
            Runnable onChange,
            Runnable onDoubt,
            Set<SessionId> held) {
        this.held = held;
        this.onChange = onChange;
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.machineId = machineId;
        this.mayTake = mayTake;
        this.onDoubt = onDoubt;
    }

    /** A node has told of its queue. */
    void told(WaitingTold told) {
        if (told.machineId().equals(machineId)) {
            return;
        }
        long now = scheduler.nanos();
        queues.values().removeIf(queue -> !isFresh(queue, now));
        failing.values().removeIf(until -> now - until >= 0);
        Queue before = queues.remove(told.machineId());
        if (told.since().isPresent() && queues.size() < MAX_NODES) {
            Instant since = told.since().get();
            long notBefore = before != null && before.since.equals(since) ? before.notBeforeNanos : now;
            queues.put(told.machineId(), new Queue(since, now, notBefore));
        }
    }

    @Override
    public boolean haveOlder(Optional<Instant> than) {
        return oldest(than).isPresent() && mayTake.getAsBoolean();
    }

    private Optional<Map.Entry<String, Queue>> oldest(Optional<Instant> than) {
        long now = scheduler.nanos();
        return queues.entrySet().stream()
                .filter(queue -> isFresh(queue.getValue(), now) && now - queue.getValue().notBeforeNanos >= 0)
                .filter(queue -> now - failing.getOrDefault(queue.getKey(), now) >= 0)
                .filter(queue -> than.isEmpty() || queue.getValue().since.isBefore(than.get()))
                .min(Comparator.comparing(queue -> queue.getValue().since));
    }

    private static boolean isFresh(Queue queue, long now) {
        return now - queue.heardNanos < TimeUnit.MILLISECONDS.toNanos(HEARD_MILLIS);
    }

    @Override
    public void queueChanged() {
        onChange.run();
    }

    @Override
    public Future<?> fetchOldest(Optional<Instant> olderThan) {
        return oldest(olderThan)
                .<Future<?>>map(queue -> fetch(queue.getKey(), olderThan))
                .orElseGet(Future::succeededFuture);
    }

    private Future<?> fetch(String node, Optional<Instant> olderThan) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(ANSWER_MILLIS);
        Future<Optional<SessionId>> given = vertx.eventBus()
                .<WaitingGiven>request(Addresses.node(node), new TakeWaiting(machineId, olderThan), options)
                .map(answer -> answer.body().sessionId());
        return given.onSuccess(id -> {
                    if (id.isEmpty()) {
                        rest(node);
                    } else if (held.contains(id.get())) {
                        log.info("{} comes from node {}, where it waited", id.get(), node);
                    } else {
                        leaveAlone(node);
                    }
                })
                .onFailure(e -> {
                    log.debug("node {} gives none of its waiting sessions: {}", node, e.toString());
                    leaveAlone(node);
                });
    }

    private void rest(String node) {
        queues.computeIfPresent(node, (id, queue) -> new Queue(queue.since, queue.heardNanos, afterRest()));
    }

    /** Between two nodes with a free place, the news of one's failure would make the other ask. */
    private void leaveAlone(String node) {
        failing.put(node, afterRest());
        onDoubt.run();
    }

    private long afterRest() {
        return scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);
    }
}

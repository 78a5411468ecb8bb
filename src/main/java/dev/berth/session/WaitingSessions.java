package dev.berth.session;

import dev.berth.history.SessionQueue;
import dev.berth.history.SessionQueue.Ended;
import dev.berth.history.SessionQueue.QueuedSession;
import dev.berth.history.SessionQueue.Waiting;
import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.metrics.SessionCounts;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.keep.EventPublisher;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue, as one node sees it: claims the oldest sessions that wait as soon as it has places for them, and ends those that wait too
 * long. It looks at the rows every second, and earlier where it hears of news. Runs on the supervisor's context.
 */
final class WaitingSessions implements SessionQueue.News {
    private static final Logger log = LoggerFactory.getLogger(WaitingSessions.class);
    static final long LOOK_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final Scheduler scheduler;
    private final SessionQueue queue;
    private final SessionCounts counts;
    private final int queueMax;
    private final long queueMillis;
    private final Claims claims;
    private final IntSupplier places;
    private final Consumer<QueuedSession> start;
    private final WaitingAnswers answers;

    private boolean taking;
    private boolean anyWaits;
    private int own;
    private boolean looking;
    private boolean again;

    /**
     * @param places how many sessions this node may claim now
     * @param start begins a session that this node has claimed
     */
    WaitingSessions(
            Vertx vertx, SessionServices services, Claims claims, IntSupplier places, Consumer<QueuedSession> start) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.scheduler = services.scheduler();
        this.queue = services.rows().queue();
        this.counts = services.metrics().sessions();
        this.queueMax = services.config().queueMax();
        this.queueMillis = services.config().queueTimeoutMillis();
        this.claims = claims;
        this.places = places;
        this.start = start;
        this.answers = new WaitingAnswers(vertx, services.node().machineId(), scheduler, queue, this::ended);
    }

    /** Completes once this node answers for sessions that wait. */
    Future<Void> listen() {
        queue.listen(this);
        lookNowAndThen();
        return answers.listen();
    }

    /** From now on this node claims sessions; before that, it does as if none waited. */
    void claimSome() {
        taking = true;
        look();
    }

    private void lookNowAndThen() {
        look();
        answers.lookAll();
        scheduler.after(LOOK_MILLIS, this::lookNowAndThen);
    }

    /** Whether this node knows of sessions that wait, which come before new ones. */
    boolean anyWaits() {
        return anyWaits;
    }

    /** How many wait that this node was asked for. */
    int own() {
        return own;
    }

    /**
     * Writes the row of a session. No node has the session until one claims the row.
     *
     * @param ofUser how many of the user's may wait that this node was asked for
     */
    Future<SessionAccepted> enqueue(
            CreateSession request, SessionAccepted mine, ActionSource source, IntSupplier ofUser) {
        long millis = Math.min(queueMillis, request.options().timeouts().lifetime());
        return here(claims.claim(mine, () -> queue.enqueue(request, mine, source, queueMax, ofUser, millis)))
                .onSuccess(accepted -> {
                    if (accepted.sessionId().equals(mine.sessionId())) {
                        came(request, accepted);
                    }
                });
    }

    private void came(CreateSession request, SessionAccepted accepted) {
        own++;
        anyWaits = taking;
        new EventPublisher(vertx, accepted.sessionId(), request.userId())
                .tell(new SessionCreated(accepted.sessionId(), accepted.createdAt()));
        lookIfFree();
    }

    /** A place is free again. */
    void placeLeft() {
        if (anyWaits) {
            look();
        }
    }

    private void lookIfFree() {
        if (places.getAsInt() > 0) {
            look();
        }
    }

    private void look() {
        if (looking) {
            again = true;
            return;
        }
        looking = true;
        again = false;
        here(queue.look())
                .compose(this::settle)
                .onFailure(e -> log.debug("the queue can't be read: {}", e.toString()))
                .onComplete(looked -> {
                    looking = false;
                    if (again) {
                        look();
                    }
                });
    }

    private Future<?> settle(Waiting now) {
        own = now.own();
        anyWaits = taking && now.claimable() > 0;
        Future<?> ended = now.late()
                ? here(queue.endLate()).onSuccess(late -> late.forEach(this::ended))
                : Future.succeededFuture();
        // Late sessions that could not be ended must not keep the others waiting.
        return ended.transform(
                done -> anyWaits ? claim(Math.min(places.getAsInt(), now.claimable())) : Future.succeededFuture());
    }

    /** New sessions get no place meanwhile, as some wait. */
    private Future<?> claim(int most) {
        return most <= 0 ? Future.succeededFuture() : here(queue.claim(most)).onSuccess(this::start);
    }

    private void start(List<QueuedSession> claimed) {
        claimed.forEach(start);
        // Whether more wait is known only now.
        again |= !claimed.isEmpty();
    }

    /** Ends a session for its client; gives whether it waited. */
    Future<Boolean> end(SessionId id) {
        return here(queue.end(id, EndReason.CLIENT)).map(ended -> {
            ended.ifPresent(this::ended);
            return ended.isPresent();
        });
    }

    /** Ends the sessions that only this node could begin, as it begins none any more. */
    Future<?> drain() {
        return here(queue.endOwn(EndReason.NODE_DRAINED)).onSuccess(all -> all.forEach(this::ended));
    }

    private void ended(Ended session) {
        log.info(
                "{} {}: {}",
                session.id(),
                session.event().status().wireName(),
                session.event().reason().wireName());
        counts.ended(session.event().reason());
        new EventPublisher(vertx, session.id(), session.userId()).tell(session.event());
    }

    @Override
    public void waits() {
        context.runOnContext(ignored -> {
            anyWaits = taking;
            lookIfFree();
        });
    }

    @Override
    public void left(SessionId id) {
        context.runOnContext(ignored -> answers.look(id));
    }

    void stop() {
        answers.stop();
    }

    /** Results come on other contexts. */
    private <T> Future<T> here(Future<T> result) {
        return LoopPromise.on(context, result);
    }
}

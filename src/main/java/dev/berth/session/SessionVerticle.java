package dev.berth.session;

import dev.berth.history.HandedSession;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.keep.LogBudget;
import dev.berth.session.machine.SessionSpec;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.VertxInternal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session at its bus address: decodes commands and passes them to its {@link LiveSession}. Never blocks its event
 * loop.
 */
final class SessionVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionVerticle.class);

    /** As long as anybody waits for an answer at the most. */
    private static final long FORWARD_MILLIS = 3_600_000;
    /** As long as who asks for the end of a session waits. */
    private static final long DRAIN_MILLIS = 60_000;

    private final SessionSpec spec;
    private final SessionServices services;
    private final Admission admission;
    private final LogBudget budget;
    private final Promise<Void> running = Promise.promise();
    private final boolean anew;
    private final Promise<SessionOver> over = Promise.promise();
    private volatile boolean stopping;
    private volatile LiveSession live;
    /** Ends the session and waits for that; does nothing before the start. */
    private Supplier<Future<?>> end = Future::succeededFuture;

    /** @param anew false where the session comes from another node, where it waited */
    SessionVerticle(SessionSpec spec, SessionServices services, Admission admission, LogBudget budget, boolean anew) {
        this.anew = anew;
        this.spec = spec;
        this.services = services;
        this.admission = admission;
        this.budget = budget;
    }

    @Override
    public Future<?> start() {
        live = new LiveSession(vertx, spec, services, admission, budget);
        end = () -> live.end(EndReason.NODE_DRAINED);
        live.whenRunning().onComplete(running);
        live.whenOver().onComplete(over);
        return vertx.eventBus()
                .localConsumer(Addresses.session(spec.id()), this::receive)
                .completion()
                .onSuccess(registered -> live.open(anew));
    }

    /**
     * Ends the session because its node takes none any more; one that is about to go to another node may go. Thread-safe. Completes when
     * it is over or has gone; fails early if something that it left can't be kept yet.
     */
    Future<?> drain() {
        if (live == null) {
            return Future.failedFuture("it is still being made");
        }
        Promise<SessionOver> ended = Promise.promise();
        context.runOnContext(ignored -> live.end(EndReason.NODE_DRAINED).onComplete(ended));
        return ended.future()
                .<Object>map(over -> over)
                .recover(e -> e instanceof Moved ? Future.succeededFuture() : Future.failedFuture(e))
                .timeout(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether another node may have it, once it is set aside. The socket of a client that made it by connecting can't go along, nor
     * can secrets, which no row has.
     */
    boolean mayMove() {
        return live != null
                && spec.source() != ActionSource.CDP
                && !spec.options().hasSecrets();
    }

    /**
     * Holds the session as it is, if it waits for a place: gives what another node must know of it then. Followed by {@link #goOn} or
     * {@link #leave}. Thread-safe, like these.
     */
    Future<Optional<HandedSession>> setAside(String forNode) {
        Promise<Optional<HandedSession>> held = Promise.promise();
        HandedSession handed = handed(forNode);
        context.runOnContext(ignored -> held.complete(live.setAside() ? Optional.of(handed) : Optional.empty()));
        return held.future();
    }

    private HandedSession handed(String node) {
        return new HandedSession(
                spec.userId(),
                spec.initialPrompt().map(InitialPrompt::text),
                spec.options(),
                spec.metadata(),
                new SessionAccepted(spec.id(), SessionStatus.CREATING, node, spec.createdAt(), spec.expiresAt()),
                spec.source(),
                Optional.empty(),
                spec.traceparent());
    }

    /** The session stays. */
    void goOn() {
        context.runOnContext(ignored -> live.goOn());
    }

    /** The session is another node's: nothing of it is left here, and who asks for it is answered there. */
    void leave(String node) {
        context.runOnContext(ignored -> live.leave(new Moved(node)));
    }

    /**
     * Ends the session if its node closes without asking first. A failure to keep something does not hold the node up.
     */
    @Override
    public Future<?> stop() {
        stopping = true;
        return end.get().otherwiseEmpty();
    }

    /** Whether this verticle is being undeployed because the node closes. Thread-safe. */
    boolean isStopping() {
        return stopping;
    }

    /** Completes before anyone is told that the session runs; never, if it ends earlier. */
    Future<Void> whenRunning() {
        return running.future();
    }

    /** Completes when the session is over: everything it left is safe and its row is written. */
    Future<SessionOver> whenOver() {
        return over.future();
    }

    private void receive(Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> answer(message))
                .onSuccess(message::reply)
                .onFailure(e -> {
                    if (e instanceof Moved moved) {
                        forward(message, moved);
                    } else {
                        FailedRequest.tell(message, e, this::unforeseen);
                    }
                });
    }

    /** To the node that has the session now. Not on the context of this verticle: with that, what waits for an answer would go. */
    private void forward(Message<Object> message, Moved where) {
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(FORWARD_MILLIS)
                .setHeaders(MultiMap.caseInsensitiveMultiMap()
                        .addAll(message.headers())
                        .set(Addresses.TO, Addresses.session(spec.id()))
                        .set(Addresses.WITHIN, Long.toString(FORWARD_MILLIS)));
        ((VertxInternal) vertx)
                .createEventLoopContext()
                .runOnContext(ignored -> services.elsewhere()
                        .answer(
                                where.machineId(),
                                vertx.eventBus().request(Addresses.relay(where.machineId()), message.body(), options))
                        .onSuccess(answer -> message.reply(answer.body()))
                        .onFailure(e -> FailedRequest.tell(message, e, this::unforeseen)));
    }

    /** Throws if the message can't be decoded: any verticle may have sent it. */
    private Future<? extends SessionReply> answer(Message<Object> message) {
        Envelope envelope = Envelope.of(message);
        if (envelope.owner().orElse(spec.userId()) != spec.userId()) {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id");
        }
        if (message.body() instanceof SessionCommand<?> command) {
            return live.ask(command, envelope).compose(this::told);
        }
        throw new BerthException(ErrorCode.INVALID_ARGUMENT, "not a command to a session");
    }

    /** A node that has stood still does not know yet whether another has told that the session ended with it. */
    private Future<SessionReply> told(SessionReply reply) {
        return isOfLiveSession(reply) ? services.tenure().confirmed().map(reply) : Future.succeededFuture(reply);
    }

    private static boolean isOfLiveSession(SessionReply reply) {
        return reply instanceof SessionDescription now && !now.status().terminal()
                || reply instanceof HealthReport health
                        && !health.sessionState().terminal();
    }

    private BerthException unforeseen(Throwable e) {
        log.error("{} failed to answer a command", spec.id(), e);
        return new BerthException(ErrorCode.INTERNAL, "the session failed to answer");
    }
}

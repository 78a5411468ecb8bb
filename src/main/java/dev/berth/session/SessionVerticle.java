package dev.berth.session;

import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.session.keep.LogBudget;
import dev.berth.session.machine.SessionProfile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session at its address: passes commands on to the {@link LiveSession} that it is. Never blocks its event loop. */
final class SessionVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionVerticle.class);

    private final SessionProfile profile;
    private final SessionServices services;
    private final Admission admission;
    private final LogBudget budget;
    private final Promise<SessionOver> over = Promise.promise();
    private volatile boolean stopping;
    /** Ends it and waits for that; nothing before it has begun. */
    private Supplier<Future<?>> end = Future::succeededFuture;

    SessionVerticle(SessionProfile profile, SessionServices services, Admission admission, LogBudget budget) {
        this.profile = profile;
        this.services = services;
        this.admission = admission;
        this.budget = budget;
    }

    @Override
    public Future<?> start() {
        LiveSession live = new LiveSession(vertx, profile, services, admission, budget);
        end = () -> live.end(EndReason.NODE_DRAINED);
        live.whenOver().onComplete(over);
        return vertx.eventBus()
                .consumer(Addresses.session(profile.id()), message -> receive(live, message))
                .completion()
                .onSuccess(registered -> live.open());
    }

    /** A session whose node goes down without asking ends all the same, in order. What can't be kept now does not hold the node up. */
    @Override
    public Future<?> stop() {
        stopping = true;
        return end.get().otherwiseEmpty();
    }

    /** Whether it is being undeployed, as the node closes. Any thread may ask. */
    boolean isStopping() {
        return stopping;
    }

    /** Completes when the session is over and all that it left is safe; its row has been written. */
    Future<SessionOver> whenOver() {
        return over.future();
    }

    private void receive(LiveSession live, Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> answer(live, message))
                .onSuccess(message::reply)
                .onFailure(e -> fail(message, e));
    }

    /** Throws where the message can not be read: its sender may be anybody's. */
    private Future<? extends SessionReply> answer(LiveSession live, Message<Object> message) {
        Envelope envelope = Envelope.of(message);
        if (envelope.owner().orElse(profile.userId()) != profile.userId()) {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "no live session has this id");
        }
        if (message.body() instanceof SessionCommand<?> command) {
            return live.ask(command, envelope);
        }
        throw new BerthException(ErrorCode.INVALID_ARGUMENT, "this is no command to a session");
    }

    private void fail(Message<?> message, Throwable e) {
        if (e instanceof BerthException known) {
            message.fail(known.code().number(), known.replyText());
        } else {
            log.error("{} failed to answer a command", profile.id(), e);
            message.fail(ErrorCode.INTERNAL.number(), "the session failed to answer");
        }
    }
}

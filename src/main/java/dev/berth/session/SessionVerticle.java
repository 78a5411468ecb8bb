package dev.berth.session;

import dev.berth.browser.BrowserLauncher.WarmBrowser;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FailedRequest;
import dev.berth.protocol.ProfileUse.SaveProfile;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.HealthReport;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionReply.SessionOver;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.session.machine.SessionSpec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session at its bus address: decodes commands and passes them to its {@link LiveSession}. Never blocks its event
 * loop, which is that of its warm browser where it has one: Vert.x deploys to the next event loop and lets nobody choose.
 */
final class SessionVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SessionVerticle.class);

    /** The time that the end of a session may take, for whoever asks for the end: milliseconds. */
    private static final long DRAIN_MILLIS = 95_000;

    private final SessionSpec spec;
    private final SessionServices services;
    private final Promise<Void> running = Promise.promise();
    private final Promise<Void> placeLeft = Promise.promise();
    private final boolean anew;
    private final Optional<WarmBrowser> warm;
    private final Promise<SessionOver> over = Promise.promise();
    private volatile boolean stopping;
    private volatile LiveSession live;
    private Supplier<Future<Void>> leave = Future::succeededFuture;

    /**
     * @param anew false where the session waited for its place: then its creation was told before
     * @param warm its browser, if one is ready; the caller's again where the start fails
     */
    SessionVerticle(SessionSpec spec, SessionServices services, boolean anew, Optional<WarmBrowser> warm) {
        this.warm = warm;
        this.anew = anew;
        this.spec = spec;
        this.services = services;
    }

    @Override
    public void init(Vertx by, Context given) {
        super.init(by, warm.map(WarmBrowser::context).orElse(given));
    }

    @Override
    public Future<?> start() {
        return here().compose(here -> listen());
    }

    /** Completes on the session's context. */
    private Future<Void> here() {
        return LoopPromise.on(context, Future.succeededFuture());
    }

    private Future<Void> listen() {
        live = new LiveSession(vertx, spec, services, warm, placeLeft::tryComplete);
        live.whenRunning().onComplete(running);
        live.whenOver().onComplete(over);
        MessageConsumer<Object> consumer = vertx.eventBus().localConsumer(Addresses.session(spec.id()), this::receive);
        leave = consumer::unregister;
        return consumer.completion().onSuccess(registered -> live.open(anew));
    }

    /** Whether its end may save a profile. */
    boolean maySave() {
        return spec.options()
                .profile()
                .filter(use -> use.save() != SaveProfile.NEVER)
                .isPresent();
    }

    /**
     * Ends the session because its node takes none any more. Thread-safe. Completes when it is over; fails early if something that it
     * left can't be kept yet.
     */
    Future<?> drain() {
        if (live == null) {
            return Future.failedFuture("it is still being made");
        }
        Promise<SessionOver> ended = Promise.promise();
        context.runOnContext(ignored -> live.end(EndReason.NODE_DRAINED).onComplete(ended));
        return ended.future().timeout(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Ends the session if its node closes without asking first. A failure to keep something does not hold the node up.
     */
    @Override
    public Future<?> stop() {
        stopping = true;
        return here().<Object>compose(here -> live == null
                        ? Future.succeededFuture()
                        : live.end(EndReason.NODE_DRAINED).mapEmpty())
                .otherwiseEmpty()
                .eventually(leave);
    }

    /** Whether this verticle is being undeployed because the node closes. Thread-safe. */
    boolean isStopping() {
        return stopping;
    }

    /** Completes before anyone is told that the session runs; never, if it ends earlier. */
    Future<Void> whenRunning() {
        return running.future();
    }

    /** Completes when its Chrome is gone. */
    Future<Void> whenPlaceLeft() {
        return placeLeft.future();
    }

    /** Completes when the session is over: everything it left is safe and its row is written. */
    Future<SessionOver> whenOver() {
        return over.future();
    }

    private void receive(Message<Object> message) {
        Future.succeededFuture()
                .compose(now -> answer(message))
                .onSuccess(message::reply)
                .onFailure(e -> FailedRequest.tell(message, e, this::unforeseen));
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

    /** A node that has stood still does not know yet whether another node has ended its sessions as lost. */
    private Future<SessionReply> told(SessionReply reply) {
        return isOfLiveSession(reply) ? services.node().confirmed().get().map(reply) : Future.succeededFuture(reply);
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

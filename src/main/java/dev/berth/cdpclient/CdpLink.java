package dev.berth.cdpclient;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.HoldTargets;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.CdpClientCommand.ReleaseTarget;
import dev.berth.protocol.CdpClientCommand.TouchSession;
import dev.berth.protocol.CdpClientCommand.WatchTargets;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one CDP client's commands to its session over the bus, and receives the session's events. On the event loop of the
 * client.
 */
final class CdpLink {
    private static final Logger log = LoggerFactory.getLogger(CdpLink.class);
    private static final long WATCHING_MILLIS = 500;
    private static final long USED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SessionClient sessions;
    private final SessionId id;
    private final String clientId = "cdp-" + UUID.randomUUID();
    private final Promise<Void> started;
    private final Promise<EndReason> ended;
    private Optional<MessageConsumer<SessionEvent>> events = Optional.empty();
    private long usedAtNanos = System.nanoTime();

    /** Has no effect before {@link #listen}. */
    CdpLink(Context context, SessionClient sessions, SessionId id) {
        this.sessions = sessions;
        this.id = id;
        this.started = LoopPromise.on(context);
        this.ended = LoopPromise.on(context);
    }

    private void hear(SessionEvent event) {
        if (event instanceof SessionEvent.SessionEnded end) {
            ended.tryComplete(end.reason());
            started.tryFail(end.reason().refusal());
        }
    }

    SessionId id() {
        return id;
    }

    /** Completes when events of the session can no longer be missed. */
    Future<Void> listen() {
        MessageConsumer<SessionEvent> consumer = sessions.events(id, this::hear);
        events = Optional.of(consumer);
        return consumer.completion();
    }

    Future<EndReason> ended() {
        return ended.future();
    }

    /** Attaches the client to the session, once the session runs; gives what names its Chrome. Fails if the session ends before. */
    Future<CdpEndpoint> open() {
        return sessions.ask(id, new OpenCdp(clientId)).recover(e -> isNotRunning(e) ? openWhenStarted() : fail(e));
    }

    private Future<CdpEndpoint> openWhenStarted() {
        sessions.ask(id, new AwaitRunning())
                .onSuccess(up -> started.tryComplete())
                .onFailure(started::tryFail);
        return started.future().compose(up -> sessions.ask(id, new OpenCdp(clientId)));
    }

    private static boolean isNotRunning(Throwable e) {
        return e instanceof BerthException known && known.code() == ErrorCode.SESSION_NOT_RUNNING;
    }

    private static <T> Future<T> fail(Throwable e) {
        return Future.failedFuture(e);
    }

    /** Frames have passed, which the session hears at most once a second. */
    void used() {
        long now = System.nanoTime();
        if (now - usedAtNanos >= USED_NANOS) {
            usedAtNanos = now;
            sessions.ask(id, new TouchSession()).onFailure(this::missed);
        }
    }

    /** Completes when the session watches all targets of its Chrome, or after a short time. */
    Future<?> watchTargets() {
        return soon(new WatchTargets());
    }

    /** The client has let a target run that waited for it. */
    void started(String targetId) {
        sessions.ask(id, new ReleaseTarget(clientId, targetId, true)).onFailure(this::missed);
    }

    /** The client has detached from a target that waited for it. */
    void abandoned(String targetId) {
        sessions.ask(id, new ReleaseTarget(clientId, targetId, false)).onFailure(this::missed);
    }

    /** New targets of these types wait for the client. Completes when the session has confirmed it, or after a short time. */
    Future<?> holdTargets(Set<String> types) {
        return soon(new HoldTargets(clientId, types));
    }

    /**
     * The dialogs of these pages, and of no others, belong to the client. Completes when the session has confirmed it, or after
     * a short time.
     */
    Future<?> claimDialogs(Set<String> pageIds) {
        return soon(new ClaimDialogs(clientId, pageIds));
    }

    private Future<?> soon(SessionCommand<Acknowledged> command) {
        return sessions.ask(id, command)
                .timeout(WATCHING_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(this::missed)
                .otherwiseEmpty();
    }

    Future<?> record(List<ActionEntry> actions) {
        return sessions.ask(id, new RecordCdpActions(actions));
    }

    Future<?> end(EndReason reason) {
        return sessions.ask(id, new EndSession(reason)).onFailure(this::missed);
    }

    Future<?> detach() {
        return sessions.ask(id, new DetachCdpClient(clientId)).onFailure(this::missed);
    }

    void close() {
        started.tryFail(new BerthException(ErrorCode.CONFLICT, "the client left"));
        events.ifPresent(consumer -> consumer.unregister().onFailure(this::missed));
        events = Optional.empty();
    }

    /** A session that is ending may miss a message, which does no harm. */
    private void missed(Throwable e) {
        log.debug("{} {}: {}", id, clientId, e.getMessage());
    }
}

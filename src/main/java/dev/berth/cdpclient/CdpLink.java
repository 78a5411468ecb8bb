package dev.berth.cdpclient;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserClients;
import dev.berth.browser.Screens.ShownBrowser;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CdpClientCommand.ClaimDialogs;
import dev.berth.protocol.CdpClientCommand.DetachCdpClient;
import dev.berth.protocol.CdpClientCommand.OpenCdp;
import dev.berth.protocol.CdpClientCommand.RecordCdpActions;
import dev.berth.protocol.CdpClientCommand.TouchSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects one CDP client with its session: sends the session commands over the bus, receives the session's events, and calls the
 * session's browser. On the event loop of the client.
 */
final class CdpLink {
    private static final Logger log = LoggerFactory.getLogger(CdpLink.class);
    private static final long WATCHING_MILLIS = 500;
    private static final long USED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Context context;
    private final SessionClient sessions;
    private final SessionId id;
    private final Supplier<Optional<ShownBrowser>> browser;
    private final Runnable onCommands;
    private final String clientId = "cdp-" + UUID.randomUUID();
    private final Promise<Void> started;
    private final Promise<EndReason> ended;
    private Optional<MessageConsumer<SessionEvent>> events = Optional.empty();
    private long usedAtNanos = System.nanoTime();

    /**
     * Has no effect before {@link #listen}.
     *
     * @param browser the session's, while the session runs
     * @param onCommands called when Chrome gets commands of the client
     */
    CdpLink(
            Context context,
            SessionClient sessions,
            SessionId id,
            Supplier<Optional<ShownBrowser>> browser,
            Runnable onCommands) {
        this.context = context;
        this.sessions = sessions;
        this.id = id;
        this.browser = browser;
        this.onCommands = onCommands;
        this.started = LoopPromise.on(context);
        this.ended = LoopPromise.on(context);
    }

    private void hear(SessionEvent event) {
        if (event instanceof SessionEvent.SessionEnded end) {
            ended.tryComplete(end.reason());
            started.tryFail(end.reason().refusal());
        }
    }

    SessionId session() {
        return id;
    }

    /** The session's browser, while the session runs: for methods that any thread may call. */
    Optional<Browser> browser() {
        return browser.get().map(ShownBrowser::browser);
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

    /** Fails where the session has no such page: Chrome has other targets, too, which are not for clients. */
    Future<Void> find(String pageId) {
        return sessions.ask(id, new ReadPages())
                .compose(list ->
                        list.pages().stream().anyMatch(page -> page.pageId().equals(pageId))
                                ? Future.succeededFuture()
                                : fail(new BerthException(ErrorCode.NOT_FOUND, "this session has no page " + pageId)));
    }

    private static boolean isNotRunning(Throwable e) {
        return e instanceof BerthException known && known.code() == ErrorCode.SESSION_NOT_RUNNING;
    }

    private static <T> Future<T> fail(Throwable e) {
        return Future.failedFuture(e);
    }

    /** Commands of the client have passed. */
    void commanded() {
        onCommands.run();
        used();
    }

    /** Frames have passed, which the session hears at most once a second. */
    void used() {
        long now = System.nanoTime();
        if (now - usedAtNanos >= USED_NANOS) {
            usedAtNanos = now;
            sessions.ask(id, new TouchSession()).onFailure(this::missed);
        }
    }

    /** Completes when the browser watches all its targets, or after a short time. */
    Future<?> watchTargets() {
        return soon(atBrowser(BrowserClients::watchTargets));
    }

    /** The client has let a target run that waited for it. */
    void started(String targetId) {
        released(targetId, true);
    }

    /** The client has detached from a target that waited for it. */
    void abandoned(String targetId) {
        released(targetId, false);
    }

    private void released(String targetId, boolean started) {
        atBrowser(clients -> {
            clients.releaseTarget(clientId, targetId, started);
            return Future.succeededFuture();
        });
    }

    /** New targets of these types wait for the client. Completes when the browser holds them, or after a short time. */
    Future<?> holdTargets(Set<String> types) {
        return soon(atBrowser(clients -> {
            clients.holdTargets(clientId, types);
            return Future.succeededFuture();
        }));
    }

    /** Calls the browser on the browser's context. Completes on the client's; at once where the session does not run any more. */
    private Future<Void> atBrowser(Function<BrowserClients, Future<Void>> call) {
        return browser.get()
                .map(there -> {
                    Promise<Void> done = LoopPromise.on(context);
                    there.context()
                            .runOnContext(
                                    now -> call.apply(there.browser().clients()).onComplete(done));
                    return done.future();
                })
                .orElseGet(Future::succeededFuture);
    }

    /**
     * The dialogs of these pages, and of no others, belong to the client. Completes when the session has confirmed it, or after
     * a short time.
     */
    Future<?> claimDialogs(Set<String> pageIds) {
        return soon(sessions.ask(id, new ClaimDialogs(clientId, pageIds)));
    }

    private Future<?> soon(Future<?> done) {
        return done.timeout(WATCHING_MILLIS, TimeUnit.MILLISECONDS)
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

package dev.berth.webdriver;

import dev.berth.browser.BrowserLauncher.LaunchException;
import dev.berth.browser.WebDrivers;
import dev.berth.browser.WebDrivers.Driver;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.cdpclient.CdpRelays.Chromes;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.metrics.RelayCounts;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The sessions of this node that clients of WebDriver made, each with its chromedriver. For any event loop. */
public final class WebDriverSessions {
    private static final long SWEEP_MILLIS = 2_000;
    /** The sockets that clients of one session may have at once. */
    private static final int MAX_SOCKETS = 16;

    /**
     * A driver has a connection for each request that is under way, of which most clients have one, and for each socket of BiDi. One more
     * asks whether it is alive.
     */
    private static final int MAX_CONNECTIONS = LiveDriver.MAX_UNDER_WAY + MAX_SOCKETS + 1;

    private final Vertx vertx;
    private final WebDrivers drivers;
    private final Chromes chromes;
    private final RelayCounts counts;
    private final HttpClientAgent http;
    private final Map<SessionId, LiveDriver> live = new ConcurrentHashMap<>();
    private final long sweep;
    private volatile boolean closed;

    /**
     * A session that was made.
     *
     * @param session its state when it ran
     * @param value chromedriver's answer, without its own id and what it tells of the machine
     */
    public record Made(SessionDescription session, JsonObject value) {}

    /** @param chromes of this node */
    public WebDriverSessions(Vertx vertx, WebDrivers drivers, Chromes chromes, RelayCounts counts) {
        this.vertx = vertx;
        this.drivers = drivers;
        this.chromes = chromes;
        this.counts = counts;
        this.http = vertx.createHttpClient(
                // An answer is as large as a page: its bytes pass on as they come.
                new HttpClientOptions().setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_CONNECTIONS));
        this.sweep = vertx.setPeriodic(SWEEP_MILLIS, any -> live.values().forEach(LiveDriver::check));
    }

    /** Ends all sessions that were made here. */
    public Future<?> close() {
        closed = true;
        vertx.cancelTimer(sweep);
        return Future.join(live.values().stream()
                        .map(each -> each.end(EndReason.NODE_DRAINED))
                        .toList())
                .transform(ended -> http.close());
    }

    /** The driver of a session of this user. Fails with the reason where there is none, as after the session's end. */
    public Future<LiveDriver> get(SessionClient sessions, SessionId id, long userId) {
        return Optional.ofNullable(live.get(id))
                .filter(driver -> driver.userId() == userId)
                .map(Future::succeededFuture)
                .orElseGet(() -> sessions.describe(id)
                        .compose(found -> Future.failedFuture(
                                found.endReason().isPresent()
                                        ? found.absence()
                                        : new BerthException(
                                                ErrorCode.SESSION_NOT_FOUND,
                                                "this session was not made by WebDriver, or is ending"))));
    }

    /**
     * Makes a session and its chromedriver; where one of them fails, neither stays.
     *
     * @param client a client of the bus with the rights of {@code command}'s user
     * @param session the session that {@code command} makes, which the caller may end meanwhile
     * @param capabilities chromedriver's: none that reaches the machine
     */
    public Future<Made> create(
            SessionClient client, OwnSession session, CreateSession command, JsonObject capabilities) {
        if (closed) {
            return Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "the server is stopping"));
        }
        Making making = new Making(client, session, command, isBidi(capabilities));
        return drivers.usable()
                .compose(usable -> making.make(capabilities))
                .recover(e -> making.undo().transform(undone -> Future.failedFuture(told(e))));
    }

    /** A failed start tells what to install or to allow. */
    private static Throwable told(Throwable e) {
        return e instanceof LaunchException
                ? new BerthException(ErrorCode.UNAVAILABLE, e.getMessage(), "see /docs/webdriver")
                : e;
    }

    private static boolean isBidi(JsonObject capabilities) {
        return capabilities.getBoolean("webSocketUrl", false);
    }

    /** The parts of one session, until they are all there. On the context of the request. */
    private final class Making {
        private final Context context = vertx.getOrCreateContext();
        private final SessionClient client;
        private final OwnSession session;
        private final CreateSession command;
        private final RelayedClient chrome;
        private final Promise<Void> left = Promise.promise();
        private Future<Driver> driver = Future.failedFuture("none was started");
        private boolean joined;

        /** @param bidi whether the driver is asked for WebDriver BiDi */
        Making(SessionClient client, OwnSession session, CreateSession command, boolean bidi) {
            this.client = client;
            this.session = session;
            this.command = command;
            CdpRelays relays = new CdpRelays(vertx, chromes, counts);
            this.chrome =
                    bidi ? relays.driver(client, command.sessionId()) : relays.client(client, command.sessionId());
        }

        Future<Made> make(JsonObject capabilities) {
            Future<SessionAccepted> accepted = session.make(() -> client.create(command));
            Future<SessionDescription> running = accepted.compose(made -> client.whenRunning(command.sessionId()));
            driver = accepted.compose(made -> client.describe(command.sessionId()))
                    // Only a session that has a place may cost a process.
                    .compose(now -> now.queuePosition().isPresent() ? running : Future.succeededFuture(now))
                    .compose(placed -> drivers.start(this::join));
            // A start that fails need not wait for a place of the session.
            return Future.all(running, driver)
                    .compose(both -> chrome.open())
                    .compose(open -> begin(driver.result(), capabilities))
                    .map(value -> new Made(running.result(), value));
        }

        /** chromedriver has one Chrome. */
        private void join(NetSocket socket) {
            if (joined) {
                socket.close();
                return;
            }
            joined = true;
            chrome.start(socket).onComplete(over -> left.tryComplete());
        }

        private Future<JsonObject> begin(Driver started, JsonObject capabilities) {
            LiveDriver made = new LiveDriver(
                    context,
                    http,
                    started,
                    session,
                    client,
                    command.userId(),
                    command.options().timeouts().idle());
            left.future().onComplete(over -> made.leftChrome());
            started.exit().onComplete(over -> made.end(EndReason.DRIVER_CRASHED));
            live.put(command.sessionId(), made);
            made.over().onComplete(over -> live.remove(command.sessionId()));
            return made.begin(capabilities);
        }

        Future<?> undo() {
            LiveDriver made = live.get(command.sessionId());
            if (made != null) {
                return made.end(EndReason.CLIENT);
            }
            List<Supplier<Future<?>>> parts = List.of(
                    () -> session.end(EndReason.CLIENT),
                    () -> driver.transform(
                            any -> any.succeeded() ? any.result().end() : Future.<Void>succeededFuture()));
            chrome.abandon();
            return Future.join(parts.stream().map(Supplier::get).toList());
        }
    }
}

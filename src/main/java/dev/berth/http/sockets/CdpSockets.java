package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}. Takes these requests before the router, whose handlers
 * expect requests that end. On one event loop.
 */
public final class CdpSockets {
    private static final Logger log = LoggerFactory.getLogger(CdpSockets.class);
    private static final Pattern CDP = Pattern.compile("/api/sessions/([^/]+)/cdp/?");
    private static final Pattern CONNECT = Pattern.compile("/connect/?");
    /** Header of Playwright's own protocol, which names the browser to launch: {@code connectOverCDP} sends none. */
    private static final String PLAYWRIGHT = "x-playwright-browser";

    private final Vertx vertx;
    private final SessionClient sessions;
    private final SocketDoor door;
    private final SocketAccess access;
    private final CdpVersion version;
    private final ContractParameters parameters;
    private final OptionsReader options;
    private final CdpRelays relays;

    /** @param parameters of {@code /connect} */
    public CdpSockets(
            Vertx vertx,
            SessionClient sessions,
            SocketDoor door,
            SocketAccess access,
            CdpVersion version,
            ContractParameters parameters,
            OptionsReader options,
            CdpRelays relays) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.door = door;
        this.access = access;
        this.version = version;
        this.parameters = parameters;
        this.options = options;
        this.relays = relays;
    }

    /** The error for a request to one of these paths that is no WebSocket upgrade. */
    public static Future<Object> notASocket() {
        return Future.failedFuture(new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "this is a WebSocket URL: connect with puppeteer.connect or chromium.connectOverCDP"));
    }

    /** Handles the request if it is for one of these sockets. Gives whether it was. */
    public boolean take(HttpServerRequest request) {
        if (!Opening.isAskedFor(request)) {
            return version.take(request);
        }
        Matcher cdp = CDP.matcher(request.path());
        if (cdp.matches()) {
            door.open(request, () -> overCdp(request).compose(well -> find(request, cdp.group(1))));
            return true;
        }
        if (CONNECT.matcher(request.path()).matches()) {
            door.open(request, () -> overCdp(request).compose(well -> create(request)));
            return true;
        }
        return false;
    }

    /** Refuses Playwright's own protocol before anything is made for its client, which prints the answer. */
    private static Future<Void> overCdp(HttpServerRequest request) {
        return request.headers().contains(PLAYWRIGHT)
                ? Future.failedFuture(new BerthException(
                        ErrorCode.INVALID_ARGUMENT,
                        "this URL speaks CDP, but connect and connectOptions.wsEndpoint speak Playwright's own protocol",
                        "use chromium.connectOverCDP with this URL; in Playwright Test, use the fixtures of /sdk/berth-playwright.js"
                                + " instead of connectOptions: see /docs/test-runners"))
                : Future.succeededFuture();
    }

    private Future<Admission> find(HttpServerRequest request, String path) {
        return access.enterForCdp(request, path)
                .map(entrance -> new Admission(
                        entrance.keyId(), entrance.id(), relays.client(entrance.sessions(), entrance.id())));
    }

    private Future<Admission> create(HttpServerRequest request) {
        return access.creator(request).map(key -> {
            CreateSession command =
                    command(parameters.read(request), key.userId()).with(key.keyId());
            SessionClient own = sessions.as(key.userId());
            return new Admission(
                    key.keyId(),
                    command.sessionId(),
                    new ConnectUse(key, own, command, relays.client(own, command.sessionId())));
        });
    }

    private CreateSession command(QueryParameters query, long userId) {
        return new CreateSession(
                        SessionId.random(),
                        userId,
                        query.text("initialPrompt"),
                        options.read(query),
                        query.metadata(),
                        Optional.empty())
                .named(query.text("name"));
    }

    /** A CDP client for which a session is created. No other client knows the session, so it ends if the client does not get its socket. */
    private final class ConnectUse implements SocketUse {
        private final ApiKey key;
        private final SessionClient own;
        private final CreateSession command;
        private final OwnSession session;
        private final RelayedClient client;

        /** @param client for the session that {@code command} creates */
        ConnectUse(ApiKey key, SessionClient own, CreateSession command, RelayedClient client) {
            this.key = key;
            this.own = own;
            this.client = client;
            this.command = command;
            this.session = new OwnSession(vertx, own, command.sessionId());
        }

        @Override
        public Future<?> open() {
            return session.make(() -> own.create(command))
                    .onSuccess(made -> Authentication.named(log.atInfo(), key)
                            .log("{} was created for a CDP client", command.sessionId()))
                    .onFailure(e -> session.end(EndReason.CLIENT_DISCONNECTED))
                    .compose(made -> client.open());
        }

        @Override
        public Future<?> start(NetSocket socket) {
            return client.start(socket);
        }

        @Override
        public Future<?> stop(CloseReason reason) {
            return client.stop(reason);
        }

        @Override
        public void abandon() {
            client.abandon();
            session.end(EndReason.CLIENT_DISCONNECTED);
        }
    }

    /** Closes all sockets, since the server stops. */
    public Future<?> stop() {
        return door.stop().eventually(relays::settled);
    }
}

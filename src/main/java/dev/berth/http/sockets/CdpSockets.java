package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.CdpAddress.Place;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}. Takes these requests before the router, whose handlers
 * expect requests that end. On one event loop.
 */
public final class CdpSockets {
    private static final Logger log = LoggerFactory.getLogger(CdpSockets.class);
    /** Header of Playwright's own protocol, which names the browser to launch: {@code connectOverCDP} sends none. */
    private static final String PLAYWRIGHT = "x-playwright-browser";

    private final Vertx vertx;
    private final SessionClient sessions;
    private final SocketDoor door;
    private final SocketAccess access;
    private final CdpDiscovery discovery;
    private final ContractParameters parameters;
    private final OptionsReader options;
    private final CdpRelays relays;

    /** @param parameters of {@code /connect} */
    public CdpSockets(
            Vertx vertx,
            SessionClient sessions,
            SocketDoor door,
            SocketAccess access,
            CdpDiscovery discovery,
            ContractParameters parameters,
            OptionsReader options,
            CdpRelays relays) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.door = door;
        this.access = access;
        this.discovery = discovery;
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
        Optional<CdpAddress> address = CdpAddress.of(request);
        if (!Opening.isAskedFor(request)) {
            return address.filter(found -> discovery.take(request, found)).isPresent();
        }
        address.ifPresent(found -> door.open(request, () -> overCdp(request).compose(well -> admit(request, found))));
        return address.isPresent();
    }

    /** Handles a request at the port for clients without a key. */
    public void takeAt(CdpPort port, CdpDiscovery there, HttpServerRequest request) {
        port.address(request).ifPresent(address -> {
            if (Opening.isAskedFor(request)) {
                door.open(request, () -> overCdp(request).compose(well -> find(there, request, address)));
            } else {
                there.take(request, address);
            }
        });
    }

    private Future<Admission> admit(HttpServerRequest request, CdpAddress address) {
        if (address.path().isEmpty() && address.place() instanceof Place.Connect) {
            return create(request);
        }
        return find(discovery, request, address);
    }

    private Future<Admission> find(CdpDiscovery discovery, HttpServerRequest request, CdpAddress address) {
        return address.isSocket()
                ? enter(discovery, request, address)
                : Future.failedFuture(new BerthException(
                        ErrorCode.INVALID_ARGUMENT,
                        "this is no WebSocket: there are /devtools/browser and /devtools/page/ID"));
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

    private Future<Admission> enter(CdpDiscovery discovery, HttpServerRequest request, CdpAddress address) {
        return discovery
                .enter(request, address)
                .map(entrance -> new Admission(
                        entrance.keyId(),
                        entrance.id(),
                        relays.client(entrance.sessions(), entrance.id(), address.page())));
    }

    private Future<Admission> create(HttpServerRequest request) {
        Optional<SessionId> promised = Optional.ofNullable(request.getParam("session"))
                .map(id -> SessionId.parse(id)
                        .orElseThrow(() -> BerthException.invalid(
                                "session: must be that of the address which /json/version gave")));
        return promised.map(id -> access.creator(request, id))
                .orElseGet(() -> access.creator(request))
                .map(key -> {
                    CreateSession command = command(
                                    promised.orElseGet(SessionId::random), parameters.read(request), key.userId())
                            .with(key.keyId());
                    SessionClient own = sessions.as(key.userId());
                    return new Admission(
                            key.keyId(),
                            command.sessionId(),
                            new ConnectUse(
                                    key, own, command, promised.isPresent(), relays.client(own, command.sessionId())));
                });
    }

    private CreateSession command(SessionId id, QueryParameters query, long userId) {
        return new CreateSession(
                        id,
                        userId,
                        query.text("initialPrompt"),
                        options.read(query),
                        query.metadata(),
                        Optional.empty())
                .named(query.text("name"));
    }

    /**
     * A CDP client for which a session is created. The session ends if this client does not get its socket: no other one can have it by
     * then. A promised session may be there, for whoever has come by the same URL earlier.
     */
    private final class ConnectUse implements SocketUse {
        private final ApiKey key;
        private final SessionClient own;
        private final CreateSession command;
        private final OwnSession session;
        private final boolean promised;
        private final RelayedClient client;

        /** @param client for the session that {@code command} creates */
        ConnectUse(ApiKey key, SessionClient own, CreateSession command, boolean promised, RelayedClient client) {
            this.key = key;
            this.promised = promised;
            this.own = own;
            this.client = client;
            this.command = command;
            this.session = new OwnSession(vertx, own, command.sessionId());
        }

        @Override
        public Future<?> open() {
            return session.<Object>make(() -> own.create(command).map(made -> made))
                    .onSuccess(made -> Authentication.named(log.atInfo(), key)
                            .log("{} was created for a CDP client", command.sessionId()))
                    .onFailure(e -> session.end(EndReason.CLIENT_DISCONNECTED))
                    .recover(e -> promised && ErrorCode.CONFLICT.isOf(e) ? isThere(e) : Future.failedFuture(e))
                    .compose(made -> client.open());
        }

        /** @param conflict may be another one, as of a profile that is in use */
        private Future<Object> isThere(Throwable conflict) {
            return own.describe(command.sessionId())
                    .<Object>map(there -> there)
                    .recover(none -> Future.failedFuture(ErrorCode.SESSION_NOT_FOUND.isOf(none) ? conflict : none));
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

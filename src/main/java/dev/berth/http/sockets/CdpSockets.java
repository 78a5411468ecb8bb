package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.cdpclient.CdpRelays.RelayedClient;
import dev.berth.http.browserless.Launch;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.CdpAddress.Place;
import dev.berth.http.request.ContractParameters;
import dev.berth.http.request.IgnoredFields;
import dev.berth.http.request.JsonBody;
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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}, and those of Browserless. Takes these requests before the router, whose handlers
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
    private final Launch.Limits limits;
    private final CdpRelays relays;

    /**
     * @param parameters of {@code /connect}
     * @param limits for sessions of Browserless's clients
     */
    public CdpSockets(
            Vertx vertx,
            SessionClient sessions,
            SocketDoor door,
            SocketAccess access,
            CdpDiscovery discovery,
            ContractParameters parameters,
            OptionsReader options,
            Launch.Limits limits,
            CdpRelays relays) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.door = door;
        this.access = access;
        this.discovery = discovery;
        this.parameters = parameters;
        this.options = options;
        this.limits = limits;
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
        if (address.makesSession()) {
            return create(request, address);
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

    /** A session that a client asks for, and what it asked for in vain. */
    private record Wanted(CreateSession command, IgnoredFields ignored) {}

    private Future<Admission> create(HttpServerRequest request, CdpAddress address) {
        Optional<SessionId> promised = Optional.ofNullable(request.getParam("session"))
                .map(id -> SessionId.parse(id)
                        .orElseThrow(() -> BerthException.invalid(
                                "session: must be that of the address which /json/version gave")));
        return promised.map(id -> access.creator(request, id))
                .orElseGet(() -> access.creator(request))
                .compose(key -> wanted(request, address, promised.orElseGet(SessionId::random), key)
                        .map(wanted -> {
                            SessionClient own = sessions.as(key.userId());
                            SessionId id = wanted.command().sessionId();
                            return new Admission(
                                    key.keyId(),
                                    id,
                                    new ConnectUse(key, own, wanted, promised.isPresent(), relays.client(own, id)));
                        }));
    }

    private Future<Wanted> wanted(HttpServerRequest request, CdpAddress address, SessionId id, ApiKey key) {
        if (address.place() instanceof Place.Launch) {
            return Future.succeededFuture(Launch.of(request.params(), limits))
                    .map(launch -> new Wanted(command(id, launch, key.userId()).with(key.keyId()), launch.ignored()))
                    .recover(e -> Future.failedFuture(Launch.renamed(e)));
        }
        return Future.succeededFuture(new Wanted(
                command(id, parameters.read(request), key.userId()).with(key.keyId()), new IgnoredFields(List.of())));
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

    private CreateSession command(SessionId id, Launch launch, long userId) {
        return new CreateSession(
                id,
                userId,
                Optional.empty(),
                options.read(launch.options()),
                JsonBody.texts(launch.metadata()),
                Optional.empty());
    }

    /**
     * A CDP client for which a session is created. The session ends if this client does not get its socket: no other one can have it by
     * then. A promised session may be there, for whoever has come by the same URL earlier.
     */
    private final class ConnectUse implements SocketUse {
        private final ApiKey key;
        private final SessionClient own;
        private final CreateSession command;
        private final IgnoredFields ignored;
        private final OwnSession session;
        private final boolean promised;
        private final RelayedClient client;

        /** @param client for the session that is wanted */
        ConnectUse(ApiKey key, SessionClient own, Wanted wanted, boolean promised, RelayedClient client) {
            this.key = key;
            this.promised = promised;
            this.own = own;
            this.client = client;
            this.command = wanted.command();
            this.ignored = wanted.ignored();
            this.session = new OwnSession(vertx, own, command.sessionId());
        }

        @Override
        public Future<?> open() {
            return session.<Object>make(() -> own.create(command).map(made -> made))
                    .onSuccess(made -> Authentication.named(log.atInfo(), key)
                            .log("{} was created for a CDP client", command.sessionId()))
                    .onFailure(e -> session.end(EndReason.CLIENT_DISCONNECTED))
                    .recover(e -> promised && ErrorCode.CONFLICT.isOf(e) ? isThere(e) : Future.failedFuture(e))
                    .compose(made -> client.open())
                    .onSuccess(open -> ignored.tell(own, command.sessionId()));
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

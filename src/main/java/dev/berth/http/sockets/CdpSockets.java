package dev.berth.http.sockets;

import dev.berth.http.request.Authentication;
import dev.berth.http.request.Problem;
import dev.berth.pipe.ChildPipes;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.relay.BatchScheduling;
import dev.berth.relay.CdpLink;
import dev.berth.relay.CdpRelay;
import dev.berth.relay.ChromeEnd;
import dev.berth.relay.PipeEnd;
import dev.berth.relay.SocketEnd;
import dev.berth.relay.command.CdpPolicy;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}. Takes their requests before the router, whose handlers
 * are for requests with an end.
 */
public final class CdpSockets {
    private static final Pattern CDP = Pattern.compile("/api/sessions/([^/]+)/cdp/?");
    private static final Pattern CONNECT = Pattern.compile("/connect/?");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
    private static final long STOP_MILLIS = 1_500;
    /** Of one session. */
    static final int MAX_CLIENTS = 16;

    private final Vertx vertx;
    private final SessionClient sessions;
    private final CdpAccess access;
    private final CdpVersion version;
    private final ConnectQuery connectQuery;
    private final OriginRule origins;
    private final ChildPipes pipes;
    private final NetClient chrome;
    private final Set<CdpRelay> relays = new HashSet<>();
    private final KeySockets ofKeys;
    /** How many clients each session has, with those that are about to get their sockets. */
    private final Map<SessionId, Integer> clients = new HashMap<>();

    private final BatchScheduling scheduling;

    public CdpSockets(
            Vertx vertx,
            SessionClient sessions,
            CdpAccess access,
            CdpVersion version,
            KeySockets ofKeys,
            ConnectQuery connectQuery,
            OriginRule origins,
            ChildPipes pipes) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.access = access;
        this.version = version;
        this.connectQuery = connectQuery;
        this.origins = origins;
        this.pipes = pipes;
        this.ofKeys = ofKeys;
        this.scheduling = BatchScheduling.ofThisThread(vertx);
        this.chrome = vertx.createNetClient(new NetClientOptions().setConnectTimeout(5_000));
    }

    /** What a request gets that is for one of these sockets, and is not for a WebSocket. */
    public static Future<Object> notASocket() {
        return refusal(
                ErrorCode.INVALID_ARGUMENT,
                "this is a WebSocket: connect to it with puppeteer.connect or chromium.connectOverCDP");
    }

    /** Whether it is a request for one of these sockets, which is then taken care of. */
    public boolean take(HttpServerRequest request) {
        if (!isUpgrade(request)) {
            return version.take(request);
        }
        Matcher cdp = CDP.matcher(request.path());
        boolean connect = CONNECT.matcher(request.path()).matches();
        if (!connect && !cdp.matches()) {
            return false;
        }
        Visit visit = new Visit(request, connect);
        Future<CdpLink> link = connect ? create(request, visit) : find(visit, cdp.group(1));
        link.compose(found -> open(visit, found))
                .onFailure(e -> access.explain(e, request, visit.link.map(CdpLink::id))
                        .onSuccess(problem -> refuse(request, problem)));
        return true;
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        String key = request.getHeader("Sec-WebSocket-Key");
        String connection = request.getHeader("Connection");
        return request.version() == HttpVersion.HTTP_1_1
                && request.method() == HttpMethod.GET
                && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && key != null
                && KEY.matcher(key).matches();
    }

    /** A client that is about to get its socket, and may leave before it does. */
    private static final class Visit {
        final HttpServerRequest request;
        /** Whether the session is made for this client. */
        final boolean owner;

        Optional<CdpLink> link = Optional.empty();
        /** The id of the API key that it has, or that its token was given to. */
        long keyId;

        boolean left;
        boolean spliced;

        Visit(HttpServerRequest request, boolean owner) {
            this.request = request;
            this.owner = owner;
            request.pause();
            request.connection().closeHandler(closed -> left());
        }

        private void left() {
            left = true;
            if (!spliced) {
                link.ifPresent(this::leave);
            }
        }

        /** Nobody else knows of a session that was made for this client. */
        void leave(CdpLink link) {
            Future<?> told = owner ? link.end(EndReason.CLIENT_DISCONNECTED) : link.detach();
            told.onComplete(done -> link.close());
        }
    }

    // Who comes in

    private Future<CdpLink> find(Visit visit, String path) {
        return access.enter(visit.request, path).map(entrance -> {
            visit.keyId = entrance.keyId();
            return new CdpLink(entrance.sessions(), entrance.id());
        });
    }

    private Future<CdpLink> create(HttpServerRequest request, Visit visit) {
        String token = request.getParam("token");
        if (token != null && !origins.allows(request)) {
            return refusal(ErrorCode.FORBIDDEN, "a page of another origin may not use an API key");
        }
        return access.key(token == null ? Authentication.key(request) : token)
                .map(key -> {
                    visit.keyId = key.keyId();
                    return connectQuery.read(request.params(), key.userId());
                })
                .compose(command -> {
                    CdpLink link = new CdpLink(sessions.as(command.userId()), command.sessionId());
                    return link.listen()
                            .compose(listening -> sessions.create(command))
                            .<CdpLink>map(accepted -> link)
                            .onFailure(e -> link.close());
                });
    }

    // Opening

    private Future<?> open(Visit visit, CdpLink link) {
        visit.link = Optional.of(link);
        if (clients.getOrDefault(link.id(), 0) == MAX_CLIENTS) {
            link.close();
            return refusal(ErrorCode.LIMIT_REACHED, "a session may have " + MAX_CLIENTS + " CDP clients");
        }
        clients.merge(link.id(), 1, Integer::sum);
        return link.listen()
                .compose(listening -> visit.left ? gone() : link.open())
                .compose(endpoint -> visit.left ? gone() : join(visit, link, endpoint))
                .onFailure(e -> {
                    left(link.id());
                    visit.leave(link);
                });
    }

    private void left(SessionId session) {
        clients.computeIfPresent(session, (id, count) -> count == 1 ? null : count - 1);
    }

    private static <T> Future<T> gone() {
        return refusal(ErrorCode.CONFLICT, "the client left");
    }

    private Future<?> join(Visit visit, CdpLink link, CdpEndpoint endpoint) {
        HttpServerRequest request = visit.request;
        Object user = endpoint.userId();
        return openChrome(endpoint, user, request.getHeader("Sec-WebSocket-Key"))
                .compose(chrome -> {
                    if (visit.left) {
                        chrome.close();
                        return gone();
                    }
                    visit.spliced = true;
                    request.response()
                            .putHeader("Upgrade", "websocket")
                            .putHeader("Connection", "Upgrade")
                            .putHeader("Sec-WebSocket-Accept", chrome.accept());
                    request.resume();
                    return request.toNetSocket()
                            .onSuccess(client -> relay(
                                    visit,
                                    link,
                                    new CdpRelay(vertx, link, new CdpPolicy(endpoint), user, client, chrome)))
                            .onFailure(e -> chrome.close());
                });
    }

    /** The first client gets the pipe, others its WebSocket. */
    private Future<ChromeEnd> openChrome(CdpEndpoint endpoint, Object user, String key) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return PipeEnd.open(context, pipes, endpoint, user, key)
                .orElseGet(() -> SocketEnd.open(context, chrome, endpoint, user, key));
    }

    private void relay(Visit visit, CdpLink link, CdpRelay relay) {
        relays.add(relay);
        scheduling.relayBegins();
        Future<Void> relayed = relay.start();
        Runnable ended = ofKeys.opened(visit.keyId, () -> relay.stop(CloseReason.KEY_REVOKED));
        relayed.onComplete(closed -> {
            ended.run();
            relays.remove(relay);
            left(link.id());
            scheduling.relayEnds();
        });
    }

    // Refusing

    private static <T> Future<T> refusal(ErrorCode code, String why) {
        return CdpAccess.refusal(code, why);
    }

    /** By HTTP, while it is not a WebSocket yet: clients show that, and no close frame. */
    private static void refuse(HttpServerRequest request, BerthException problem) {
        if (isOpen(request)) {
            request.resume();
            Problem.refuseAndClose(request, problem);
        }
    }

    private static boolean isOpen(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().isActive();
    }

    /** Tells all clients that the server stops. */
    public Future<?> stop() {
        List<Future<Void>> stopped = List.copyOf(relays).stream()
                .map(relay -> relay.stop(CloseReason.of(EndReason.NODE_DRAINED)))
                .toList();
        return Future.join(stopped)
                .timeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .eventually(scheduling::settled);
    }
}

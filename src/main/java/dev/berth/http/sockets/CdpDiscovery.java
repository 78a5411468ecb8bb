package dev.berth.http.sockets;

import dev.berth.http.request.Answers;
import dev.berth.http.request.CdpAddress;
import dev.berth.http.request.CdpAddress.Place;
import dev.berth.http.request.Problem;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.sockets.SocketAccess.Entrance;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageOutcome.PageEntry;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.ReadPages;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.VerbChoices.WaitUntil;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers {@code /json/…} as a Chrome with a DevTools port does, for clients that are given an {@code http} URL and ask it for sockets
 * (content/browser/devtools/devtools_http_handler.cc). Below a session, it tells of that session; elsewhere, of the session that the
 * clients of an API key share. On one event loop.
 */
public final class CdpDiscovery {
    private static final String CLOSE = "/json/close/";
    private static final String ACTIVATE = "/json/activate/";

    private final SessionClient sessions;
    private final SocketAccess access;
    private final SessionLinks links;
    private final CdpDoor door;
    private final SharedSessions shared;
    private final JsonObject version;
    private final Supplier<Future<Buffer>> protocol;

    /**
     * @param version of this node's Chrome, as Chrome tells it
     * @param protocol the JSON of Chrome's protocol
     */
    public CdpDiscovery(
            SessionClient sessions,
            SocketAccess access,
            SessionLinks links,
            CdpDoor door,
            SharedSessions shared,
            JsonObject version,
            Supplier<Future<Buffer>> protocol) {
        this.sessions = sessions;
        this.access = access;
        this.links = links;
        this.door = door;
        this.shared = shared;
        this.version = version;
        this.protocol = protocol;
    }

    /** The session of a client that comes to one of Chrome's own paths. */
    Future<Entrance> enter(HttpServerRequest request, CdpAddress address) {
        if (address.place() instanceof Place.Session session) {
            return access.enterForCdp(request, session.id());
        }
        return door.key(request).compose(key -> {
            SessionClient own = sessions.as(key.userId());
            return shared.of(key, own).map(id -> new Entrance(own, id, key.keyId(), true));
        });
    }

    /** Handles the request, which is no WebSocket's, if it is for one of Chrome's own paths. Gives whether it was. */
    boolean take(HttpServerRequest request, CdpAddress address) {
        if (address.path().isEmpty()) {
            return false;
        }
        request.resume();
        Future.succeededFuture()
                .compose(now -> answer(request, address))
                .onSuccess(body -> send(request, body))
                .onFailure(e -> access.explain(e, request, address.session())
                        .onSuccess(problem -> Problem.refuse(request, problem)));
        return true;
    }

    private static void send(HttpServerRequest request, Object body) {
        if (body instanceof String text) {
            request.response().putHeader("Content-Type", "text/plain; charset=UTF-8");
            request.response().end(text);
        } else {
            Answers.send(request.response(), 200, body);
        }
    }

    /** Gives a text, or a buffer of JSON. */
    private Future<?> answer(HttpServerRequest request, CdpAddress address) {
        String path = address.path();
        if (path.startsWith("/devtools")) {
            return CdpSockets.notASocket();
        } else if (path.equals("/json/new")) {
            return request.method().equals(HttpMethod.PUT)
                    ? open(request, address)
                    : refuse(ErrorCode.METHOD_NOT_ALLOWED, "/json/new changes something: use PUT");
        } else if (!request.method().equals(HttpMethod.GET)) {
            return refuse(ErrorCode.METHOD_NOT_ALLOWED, "use GET");
        } else if (path.startsWith(CLOSE)) {
            String page = path.substring(CLOSE.length());
            return act(request, address, new ClosePage(page, Action.DEFAULT_TIMEOUT_MILLIS))
                    .map("Target is closing");
        } else if (path.startsWith(ACTIVATE)) {
            String page = path.substring(ACTIVATE.length());
            return act(request, address, new ActivatePage(page, Action.DEFAULT_TIMEOUT_MILLIS))
                    .map("Target activated");
        }
        return switch (path) {
            case "/json/version" -> version(request, address);
            case "/json", "/json/list" -> list(request, address);
            case "/json/protocol" -> known(request, address).compose(known -> protocol.get());
            default ->
                refuse(
                        ErrorCode.NOT_FOUND,
                        "Chrome has no such path: there are /json/version, /json/list, /json/new, /json/close/ID,"
                                + " /json/activate/ID and /json/protocol");
        };
    }

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }

    /** Makes no session. */
    private Future<?> known(HttpServerRequest request, CdpAddress address) {
        return address.place() instanceof Place.Session ? enter(request, address) : door.key(request);
    }

    /** Makes no session: the socket does. */
    private Future<Buffer> version(HttpServerRequest request, CdpAddress address) {
        Future<String> url = address.place() instanceof Place.Session
                ? enter(request, address)
                        .compose(entrance -> entrance.describe()
                                .map(session ->
                                        links.cdpUrl(request, entrance.id(), entrance.keyId(), session.expiresAt())))
                : door.key(request).map(key -> door.browserUrl(request, address, key));
        return url.map(
                found -> version.copy().put("webSocketDebuggerUrl", found).toBuffer());
    }

    private Future<Buffer> list(HttpServerRequest request, CdpAddress address) {
        return enter(request, address)
                .compose(entrance -> entrance.describe()
                        .compose(session -> entrance.sessions()
                                .ask(entrance.id(), new ReadPages())
                                .map(list -> list.pages().stream()
                                        .map(page -> shown(request, entrance, session, page))
                                        .collect(JsonArray::new, JsonArray::add, JsonArray::addAll)
                                        .toBuffer())));
    }

    private JsonObject shown(HttpServerRequest request, Entrance entrance, SessionDescription session, PageEntry page) {
        String socket = door.pageUrl(request, entrance, session, page.pageId());
        JsonObject shown = new JsonObject()
                .put("description", "")
                .put("id", page.pageId())
                .put("title", page.title())
                .put("type", "page")
                .put("url", page.url())
                .put("webSocketDebuggerUrl", socket);
        door.devToolsUrl(request, socket).ifPresent(url -> shown.put("devtoolsFrontendUrl", url));
        page.openerId().ifPresent(opener -> shown.put("parentId", opener));
        return shown;
    }

    private Future<Buffer> open(HttpServerRequest request, CdpAddress address) {
        Optional<String> url = page(request.query());
        return enter(request, address)
                .compose(entrance -> entrance.describe()
                        .compose(session -> entrance.sessions()
                                .ask(
                                        entrance.id(),
                                        new OpenPage(url, WaitUntil.DOMCONTENTLOADED, Action.DEFAULT_TIMEOUT_MILLIS))
                                .map(opened -> shown(request, entrance, session, opened.page())
                                        .toBuffer())));
    }

    /** The URL in the query of {@code /json/new?URL}: the whole query, or what stands beside a token. */
    private static Optional<String> page(String query) {
        return Optional.ofNullable(query)
                .map(whole ->
                        whole.replaceFirst("^token=[^&]*&?|&token=[^&]*$", "").replaceFirst("^url=", ""))
                .map(url -> URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8))
                .filter(url -> !url.isEmpty());
    }

    private Future<?> act(HttpServerRequest request, CdpAddress address, Action<?> action) {
        return enter(request, address).compose(entrance -> entrance.sessions().ask(entrance.id(), action));
    }
}

package dev.berth.cdpclient;

import dev.berth.browser.ChromeVersion;
import dev.berth.browser.Screens;
import dev.berth.browser.cdp.ChromePipes;
import dev.berth.browser.cdp.Party;
import dev.berth.cdpclient.command.CdpPolicy;
import dev.berth.metrics.RelayCounts;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.CdpEndpoint;
import dev.berth.websocket.CloseReason;
import dev.berth.websocket.FrameSocket;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.function.Supplier;

/** Relays between CDP clients and sessions. For the event loop on which it is made. */
public final class CdpRelays {
    private final Vertx vertx;
    private final Chromes chromes;
    private final BatchScheduling scheduling;
    private final RelayCounts counts;

    /**
     * This node's Chromes, as CDP clients reach them. For any event loop.
     *
     * @param browsers of the sessions that run on this node
     * @param version of the Chrome that start-up tried
     */
    public record Chromes(ChromePipes pipes, Screens browsers, ChromeVersion version) {
        /** What a Chrome's {@code /json/version} tells, but for its socket. */
        public JsonObject told() {
            return new JsonObject()
                    .put("Browser", version.product())
                    .put("Protocol-Version", version.protocol())
                    .put("User-Agent", version.userAgent())
                    .put("V8-Version", version.javaScript())
                    .put("WebKit-Version", "537.36 (" + version.revision() + ")");
        }

        /** A party on the event loop of {@code context}. Fails with {@code upstream} where Chrome does not answer. */
        private Future<Party> open(Context context, CdpEndpoint endpoint, Optional<String> page) {
            return pipes.find(endpoint.chrome())
                    .map(pipe -> pipe.open(context, Party.Kind.CLIENT, page))
                    .orElseGet(() -> Future.failedFuture("it is gone"))
                    .recover(e -> Future.failedFuture(new BerthException(
                            ErrorCode.UPSTREAM, "the browser does not answer: " + e.getMessage(), e)));
        }
    }

    public CdpRelays(Vertx vertx, Chromes chromes, RelayCounts counts) {
        this.vertx = vertx;
        this.chromes = chromes;
        this.counts = counts;
        this.scheduling = BatchScheduling.ofThisThread(vertx);
    }

    /**
     * A client that does not have its socket yet. Has no effect on the session before {@link RelayedClient#open}.
     *
     * @param sessions a client of the bus with the rights of this client
     */
    public RelayedClient client(SessionClient sessions, SessionId id) {
        return client(sessions, id, Optional.empty(), () -> {});
    }

    /**
     * The same.
     *
     * @param page reached instead of the browser
     */
    public RelayedClient client(SessionClient sessions, SessionId id, Optional<String> page) {
        return client(sessions, id, page, () -> {});
    }

    /**
     * The same.
     *
     * @param onCommands called when Chrome gets commands of the client
     */
    public RelayedClient client(SessionClient sessions, SessionId id, Runnable onCommands) {
        return client(sessions, id, Optional.empty(), onCommands);
    }

    private RelayedClient client(SessionClient sessions, SessionId id, Optional<String> page, Runnable onCommands) {
        return new RelayedClient(link(sessions, id, onCommands), page, Optional.empty());
    }

    /** A client that is a chromedriver with WebDriver BiDi: its mapper gets a {@link MapperTab}. */
    public RelayedClient driver(SessionClient sessions, SessionId id) {
        return new RelayedClient(link(sessions, id, () -> {}), Optional.empty(), Optional.of(client(sessions, id)));
    }

    private CdpLink link(SessionClient sessions, SessionId id, Runnable onCommands) {
        return new CdpLink(
                vertx.getOrCreateContext(),
                sessions,
                id,
                () -> chromes.browsers().find(id),
                onCommands);
    }

    /** Completes when no change to the event loop's scheduling is under way. */
    public Future<Void> settled() {
        return scheduling.settled();
    }

    /**
     * A CDP client of a session, from its request until the session knows that it has left. It may leave at any time. On the event
     * loop of its socket.
     */
    public final class RelayedClient implements SocketUse {
        private final CdpLink link;
        private final Optional<String> page;
        private final Optional<RelayedClient> mapper;
        private Optional<ChromeConnection> connection = Optional.empty();
        private Optional<CdpRelay> relay = Optional.empty();
        private boolean left;

        private RelayedClient(CdpLink link, Optional<String> page, Optional<RelayedClient> mapper) {
            this.link = link;
            this.page = page;
            this.mapper = mapper;
        }

        /** The connection to the session's Chrome. */
        private record ChromeConnection(CdpEndpoint endpoint, Party party) {}

        /**
         * Waits until the session runs, attaches to it, and opens the connection to Chrome. Where it fails, the caller has to call
         * {@link #abandon}.
         */
        @Override
        public Future<Void> open() {
            return link.listen()
                    .compose(listening -> unlessLeft(link::open))
                    .compose(endpoint -> page.map(link::find)
                            .orElseGet(Future::succeededFuture)
                            .map(found -> endpoint))
                    .compose(endpoint -> unlessLeft(() -> chromes.open(vertx.getOrCreateContext(), endpoint, page))
                            .compose(party -> connected(new ChromeConnection(endpoint, party))));
        }

        private <T> Future<T> unlessLeft(Supplier<Future<T>> next) {
            return left ? gone() : next.get();
        }

        private static <T> Future<T> gone() {
            return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the client left"));
        }

        private Future<Void> connected(ChromeConnection opened) {
            if (left) {
                opened.party().close();
                return gone();
            }
            connection = Optional.of(opened);
            return Future.succeededFuture();
        }

        /** Relays between the client and the opened connection. Completes when that is over and the session has been told. */
        @Override
        public Future<Void> start(NetSocket socket) {
            return start(ClientEnd.socket(vertx, socket));
        }

        Future<Void> start(FrameSocket socket) {
            ChromeConnection opened = connection.orElseThrow();
            CdpEndpoint endpoint = opened.endpoint();
            CdpRelay begun = new CdpRelay(
                    vertx,
                    link,
                    new CdpPolicy(endpoint),
                    endpoint.userId(),
                    socket,
                    opened.party(),
                    page,
                    mapper.map(client -> tab(opened, client)),
                    counts);
            relay = Optional.of(begun);
            scheduling.relayBegins();
            counts.came();
            return begun.start().onComplete(closed -> {
                counts.left();
                scheduling.relayEnds();
            });
        }

        private MapperTab tab(ChromeConnection opened, RelayedClient client) {
            return new MapperTab(
                    vertx,
                    opened.party(),
                    target -> chromes.open(vertx.getOrCreateContext(), opened.endpoint(), Optional.of(target)),
                    client);
        }

        @Override
        public Future<Void> stop(CloseReason reason) {
            return relay.map(begun -> begun.stop(reason)).orElseGet(Future::succeededFuture);
        }

        @Override
        public void abandon() {
            left = true;
            connection.ifPresent(opened -> opened.party().close());
            connection = Optional.empty();
            link.close();
            link.detach();
        }
    }
}

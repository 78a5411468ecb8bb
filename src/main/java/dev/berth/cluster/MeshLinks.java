package dev.berth.cluster;

import dev.berth.cluster.MeshMessage.Bus;
import dev.berth.cluster.MeshMessage.Hello;
import dev.berth.cluster.MeshMessage.Listener;
import dev.berth.cluster.MeshMessage.News;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of a node: one to each other node, on which it tells, and one from each, on which it hears. Runs on the mesh's
 * context, except for what is said to be thread-safe.
 */
final class MeshLinks implements Incoming.Hearer {
    private static final Logger log = LoggerFactory.getLogger(MeshLinks.class);
    private static final long BEAT_MILLIS = 1_000;
    /** A node that says nothing for so long is taken for gone. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);
    /** For how long a node whose link broke may dial again before it is taken for gone. */
    private static final long RETURN_MILLIS = 1_000;
    /** After so long an address that a node once had, and that is not configured, is dialed no more. */
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** How many beats pass between two look-ups of the members' names. */
    private static final int BEATS_OF_LOOKUP = 10;

    private static final long HEARING_MILLIS = 2_000;
    private static final long FAREWELL_MILLIS = 500;
    private static final long POLL_MILLIS = 20;
    private static final int MAX_LINKS = 256;

    /** Who hears of other nodes. */
    interface Hearer {
        /** All that a new link is told first. */
        Stream<News> everything();

        void appeared(String nodeId);

        void added(String nodeId, Set<Listener> listeners);

        void removed(String nodeId, Set<Listener> listeners);

        void vanished(String nodeId);
    }

    private final Vertx vertx;
    private final MeshSettings settings;
    private final String nodeId;
    private final Hearer hearer;
    private final Map<SocketAddress, Outgoing> outgoing = new HashMap<>();
    private final Set<Incoming> incoming = new HashSet<>();
    /** The link that speaks for each node. Thread-safe. */
    private final Map<String, Incoming> heard = new ConcurrentHashMap<>();

    private Set<SocketAddress> configured = Set.of();
    private NetServer server;
    private NetClient client;
    private long timer;
    private int beats;
    private boolean closed;

    MeshLinks(Vertx vertx, MeshSettings settings, String nodeId, Hearer hearer) {
        this.vertx = vertx;
        this.settings = settings;
        this.nodeId = nodeId;
        this.hearer = hearer;
    }

    /** Completes once this node hears and is heard by those that it found; fails with {@link JoinException}. */
    Future<Void> open() {
        client = vertx.createNetClient(settings.dialing());
        server = vertx.createNetServer(settings.listening())
                .connectHandler(this::accept)
                // Who has not the secret is refused while TLS is set up.
                .exceptionHandler(e -> log.debug("a connection was refused: {}", e.toString()));
        return server.listen(settings.port(), settings.host())
                .recover(e -> Future.failedFuture(JoinException.port(settings.host(), settings.port(), e)))
                .compose(listens -> Members.resolve(vertx, settings.members()))
                .compose(this::dialMembers)
                .onSuccess(joined -> timer = vertx.setPeriodic(BEAT_MILLIS, now -> beat()));
    }

    private void accept(NetSocket socket) {
        if (incoming.size() >= MAX_LINKS) {
            log.warn("a node was refused: {} links are open", MAX_LINKS);
            socket.close();
            return;
        }
        Incoming link = new Incoming(socket, nodeId, this);
        incoming.add(link);
        link.read();
    }

    private Future<Void> dialMembers(Set<SocketAddress> members) {
        configured = members;
        List<Outgoing> dialed =
                members.stream().flatMap(member -> learn(member).stream()).toList();
        return Future.join(dialed.stream().map(Outgoing::first).toList())
                .transform(tried -> Findings.judge(dialed, settings))
                .compose(judged -> untilHeard(HEARING_MILLIS));
    }

    /** Nodes that are told something are to tell this one, too. */
    private Future<Void> untilHeard(long millisLeft) {
        boolean all = outgoing.values().stream()
                .flatMap(link -> link.nodeId().stream())
                .allMatch(heard::containsKey);
        return all || millisLeft <= 0
                ? Future.succeededFuture()
                : vertx.timer(POLL_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(later -> untilHeard(millisLeft - POLL_MILLIS));
    }

    /** Dials an address that is not known yet. */
    private Optional<Outgoing> learn(SocketAddress address) {
        if (closed
                || outgoing.containsKey(address)
                || outgoing.size() >= MAX_LINKS
                || Members.text(address).equals(settings.address())) {
            return Optional.empty();
        }
        Hello hello = new Hello(nodeId, settings.host(), settings.port());
        Outgoing link = new Outgoing(vertx, client, address, hello, this::everything, this::isUntold);
        outgoing.put(address, link);
        link.dial();
        return Optional.of(link);
    }

    private Stream<News> everything() {
        return Stream.concat(Stream.of(News.alive(peers())), hearer.everything());
    }

    private List<String> peers() {
        return heard.values().stream().map(Incoming::address).toList();
    }

    private boolean isUntold(String id) {
        return outgoing.values().stream().noneMatch(link -> link.nodeId().equals(Optional.of(id)));
    }

    private void beat() {
        News alive = News.alive(peers());
        outgoing.values().forEach(link -> {
            link.breakIfSilent(SILENCE_NANOS);
            link.tell(alive);
        });
        List.copyOf(incoming).forEach(link -> link.breakIfSilent(SILENCE_NANOS));
        outgoing.values().removeIf(this::isForgotten);
        beats++;
        if (beats % BEATS_OF_LOOKUP == 0) {
            Members.resolve(vertx, settings.members()).onSuccess(members -> {
                configured = members;
                members.forEach(this::learn);
            });
        }
    }

    private boolean isForgotten(Outgoing link) {
        boolean forgotten = !configured.contains(link.target())
                && link.failingSince()
                        .filter(since -> System.nanoTime() - since > FORGET_NANOS)
                        .isPresent();
        if (forgotten) {
            link.close();
        }
        return forgotten;
    }

    /** Completes once every node that is there knows; never fails. */
    Future<Void> tell(News news) {
        return Future.join(
                        outgoing.values().stream().map(link -> link.tell(news)).toList())
                .mapEmpty();
    }

    /** The nodes that this one hears. Thread-safe. */
    Collection<String> heard() {
        return Set.copyOf(heard.keySet());
    }

    /** Where a node's event bus listens; empty of one that is not heard. Thread-safe. */
    Optional<Bus> bus(String id) {
        return Optional.ofNullable(heard.get(id)).flatMap(Incoming::bus);
    }

    @Override
    public void greeted(Hello hello) {
        learn(SocketAddress.inetSocketAddress(hello.port(), hello.host()));
    }

    @Override
    public void peers(List<String> addresses) {
        addresses.stream().map(Members::parse).forEach(this::learn);
    }

    @Override
    public void complete(Incoming link) {
        String id = link.nodeId();
        Optional<Incoming> before = Optional.ofNullable(heard.put(id, link));
        before.ifPresentOrElse(Incoming::close, () -> {
            log.info("the node at {} is in the cluster", link.address());
            hearer.appeared(id);
        });
        Set<Listener> gone = new HashSet<>(before.map(Incoming::listeners).orElse(Set.of()));
        gone.removeAll(link.listeners());
        hearer.removed(id, gone);
        hearer.added(id, link.listeners());
    }

    @Override
    public void changed(Incoming link, News news) {
        if (heard.get(link.nodeId()) == link) {
            hearer.added(link.nodeId(), Set.copyOf(news.added()));
            hearer.removed(link.nodeId(), Set.copyOf(news.removed()));
            if (link.hasLeft()) {
                forget(link);
            }
        }
    }

    @Override
    public void over(Incoming link) {
        incoming.remove(link);
        if (link.isComplete() && !closed) {
            vertx.setTimer(RETURN_MILLIS, late -> forget(link));
        }
    }

    /** Unless its node speaks on another link now. */
    private void forget(Incoming link) {
        String id = link.nodeId();
        if (heard.remove(id, link)) {
            log.info(
                    link.hasLeft() ? "the node at {} has left the cluster" : "the node at {} is heard no more",
                    link.address());
            hearer.removed(id, link.listeners());
            hearer.vanished(id);
        }
    }

    /** Makes all links anew. */
    Future<Void> renew() {
        List.copyOf(incoming).forEach(Incoming::close);
        List.copyOf(outgoing.values()).forEach(Outgoing::hangUp);
        return Future.succeededFuture();
    }

    /** Says good-bye to all, and ends all links. */
    Future<Void> close() {
        if (closed || server == null) {
            return Future.succeededFuture();
        }
        closed = true;
        vertx.cancelTimer(timer);
        return tell(News.LEAVING)
                .timeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                .transform(told -> {
                    List.copyOf(outgoing.values()).forEach(Outgoing::close);
                    List.copyOf(incoming).forEach(Incoming::close);
                    return Future.join(server.close(), client.close());
                })
                .otherwiseEmpty()
                .mapEmpty();
    }
}

package dev.berth.cluster;

import dev.berth.cluster.MeshMessage.Bus;
import dev.berth.cluster.MeshMessage.Listener;
import dev.berth.cluster.MeshMessage.News;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tells each node of the cluster which addresses of the event bus the others listen on. Each node is the only one that knows
 * what it has itself, and tells it to every other, all of it on each new link: there is nothing that nodes would have to agree
 * on, so that a partition leaves nothing to merge. Vert.x's interface to it may be called on any thread.
 */
final class Mesh implements ClusterManager, MeshLinks.Hearer {
    private final String nodeId = UUID.randomUUID().toString();
    private final Registrations registrations = new Registrations();
    private final MeshSettings settings;
    private Context context;
    private MeshLinks links;
    private RegistrationListener registrationListener = new RegistrationListener() {};
    private Optional<NodeListener> nodeListener = Optional.empty();
    private volatile Optional<NodeInfo> bus = Optional.empty();
    private volatile boolean active;

    Mesh(MeshSettings settings) {
        this.settings = settings;
    }

    @Override
    public void init(Vertx vertx) {
        context = vertx.getOrCreateContext();
        links = new MeshLinks(vertx, settings, nodeId, this);
    }

    @Override
    public void join(Completable<Void> joined) {
        active = true;
        onContext(links::open).onComplete(joined);
    }

    @Override
    public void leave(Completable<Void> gone) {
        leave().onComplete(gone);
    }

    /** Tells the others, so that they need not find out. Repeating it is harmless. */
    Future<Void> leave() {
        active = false;
        return onContext(links::close);
    }

    /** Breaks all links, which are made anew at once, and on which everything is told anew. */
    Future<Void> rejoin() {
        return onContext(links::renew);
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        return Future.future(done -> context.runOnContext(now -> work.get().onComplete(done)));
    }

    /** Whether a node that this one hears, or this one, listens on {@code address} for all nodes. Thread-safe. */
    boolean isHeardOn(String address) {
        return registrations.of(address).stream().anyMatch(listener -> !listener.localOnly());
    }

    /** The id of a member that listens there. Thread-safe. */
    Optional<String> listenerOn(String address) {
        return registrations.of(address).stream()
                .filter(listener -> !listener.localOnly())
                .map(RegistrationInfo::nodeId)
                .findFirst();
    }

    /** What follows {@code prefix} in such addresses. Thread-safe. */
    Set<String> heardBelow(String prefix) {
        return registrations.sharedBelow(prefix);
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public String getNodeId() {
        return nodeId;
    }

    @Override
    public List<String> getNodes() {
        return Stream.concat(Stream.of(nodeId), links.heard().stream()).toList();
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> known) {
        bus = Optional.of(info);
        onContext(() -> links.tell(News.of(bus(info)))).onComplete(known);
    }

    private static Bus bus(NodeInfo info) {
        return new Bus(
                info.host(),
                info.port(),
                info.metadata() == null ? Map.of() : info.metadata().getMap());
    }

    @Override
    public NodeInfo getNodeInfo() {
        return bus.orElse(null);
    }

    @Override
    public void getNodeInfo(String id, Completable<NodeInfo> found) {
        Optional<NodeInfo> known = id.equals(nodeId)
                ? bus
                : links.bus(id).map(at -> new NodeInfo(at.host(), at.port(), new JsonObject(at.metadata())));
        known.ifPresentOrElse(found::succeed, () -> found.fail("this node is not in the cluster now"));
    }

    @Override
    public void nodeListener(NodeListener listener) {
        nodeListener = Optional.ofNullable(listener);
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        registrationListener = listener;
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> found) {
        found.succeed(registrations.of(address));
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> known) {
        registrations.add(address, info);
        changed(address, info, News.added(List.of(new Listener(address, info.seq()))))
                .onComplete(known);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> known) {
        registrations.remove(address, info);
        changed(address, info, News.removed(new Listener(address, info.seq()))).onComplete(known);
    }

    /** Completes once this JVM sends to it, and every node that can be told has been told. */
    private Future<Void> changed(String address, RegistrationInfo info, News news) {
        if (info.localOnly() && !registrationListener.wantsUpdatesFor(address)) {
            return Future.succeededFuture();
        }
        return onContext(() -> {
            announce(address);
            return info.localOnly() ? Future.succeededFuture() : links.tell(news);
        });
    }

    /** On one thread: of two that read and announce, the later one may have read earlier. */
    private void announce(String address) {
        if (registrationListener.wantsUpdatesFor(address)) {
            registrationListener.registrationsUpdated(new RegistrationUpdateEvent(address, registrations.of(address)));
        }
    }

    @Override
    public Stream<News> everything() {
        return Stream.concat(
                bus.stream().map(info -> News.of(bus(info))), News.batches(registrations.sharedBy(nodeId)));
    }

    @Override
    public void added(String id, Set<Listener> listeners) {
        listeners.forEach(listener -> registrations.add(listener.address(), listener.of(id)));
        listeners.forEach(listener -> announce(listener.address()));
    }

    @Override
    public void removed(String id, Set<Listener> listeners) {
        listeners.forEach(listener -> registrations.remove(listener.address(), listener.of(id)));
        listeners.forEach(listener -> announce(listener.address()));
    }

    @Override
    public void appeared(String id) {
        nodeListener.ifPresent(listener -> listener.nodeAdded(id));
    }

    @Override
    public void vanished(String id) {
        nodeListener.ifPresent(listener -> listener.nodeLeft(id));
    }

    @Override
    public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> found) {
        found.fail(unsupported("maps"));
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String name) {
        throw unsupported("maps");
    }

    @Override
    public void getLockWithTimeout(String name, long timeout, Completable<Lock> found) {
        found.fail(unsupported("locks"));
    }

    @Override
    public void getCounter(String name, Completable<Counter> found) {
        found.fail(unsupported("counters"));
    }

    private static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(
                "Berth's cluster has no shared " + what + ": what nodes share is in Postgres");
    }
}

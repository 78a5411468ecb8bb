package dev.berth.cluster;

import dev.berth.config.ClusterConfig;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
import java.io.IOException;
import java.net.InetSocketAddress;
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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each node of the cluster which addresses of the event bus the others listen on. JGroups says which nodes those are. Each node is
 * the only one that knows what it has itself, and tells it to every other: all of it, after each change, with each view and every 5 s.
 * Nodes need not agree on anything, so that a partition leaves nothing to merge. Thread-safe.
 */
final class Group implements ClusterManager, Receiver {
    private static final Logger log = LoggerFactory.getLogger(Group.class);
    private static final String NAME = "berth";
    private static final long AGAIN_MILLIS = 5_000;
    /** For how long a node that joins waits for what the others have. */
    private static final long HEARING_MILLIS = 2_000;

    private final ClusterConfig config;
    private final NodeAddresses addresses;
    private final Optional<ClusterKeys> keys;
    private final Announcer announcer = new Announcer(this::tellAll);

    /** The addresses that this node listens on itself. */
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
    /** The registrations that each other node told last. A node may tell them before it is in the view that this node has. */
    private final Map<String, Registrations> told = new ConcurrentHashMap<>();

    private Vertx vertx;
    private RegistrationListener registrationListener = new RegistrationListener() {};
    private Optional<NodeListener> nodeListener = Optional.empty();
    private Optional<Future<Void>> left = Optional.empty();
    private volatile Optional<JChannel> channel = Optional.empty();
    private volatile Optional<NodeInfo> bus = Optional.empty();
    private volatile boolean leaving;
    /** The other nodes in the view: their addresses by their ids. */
    private volatile Map<String, String> others = Map.of();

    Group(ClusterConfig config, NodeAddresses addresses, Optional<ClusterKeys> keys) {
        this.config = config;
        this.addresses = addresses;
        this.keys = keys;
    }

    @Override
    public void init(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public void join(Completable<Void> joined) {
        vertx.executeBlocking(this::connect, false)
                .recover(e -> Future.failedFuture(
                        e instanceof JoinException
                                ? e
                                : new JoinException("the cluster can't be joined: " + e.getMessage(), e)))
                .onComplete(joined);
    }

    /** Completes once this node has heard all others. */
    private Void connect() throws Exception {
        SocketFactory sockets = GroupStack.sockets(vertx, keys);
        JChannel opened = GroupStack.channel(config, addresses, sockets).setReceiver(this);
        channel = Optional.of(opened);
        opened.connect(NAME);
        if (others.isEmpty() && keys.isPresent()) {
            refuseAnotherSecret(sockets);
        }
        announcer.announce();
        announcer.repeat(this::again, AGAIN_MILLIS);
        hearOthers();
        return null;
    }

    /** A node with another secret would be a cluster of its own on the same Postgres. */
    private void refuseAnotherSecret(SocketFactory sockets) {
        for (InetSocketAddress other : addresses.lookUp()) {
            try (SSLSocket socket = (SSLSocket) sockets.createSocket(NAME)) {
                socket.connect(other, GroupStack.CONNECT_MILLIS);
                socket.startHandshake();
            } catch (SSLException e) {
                throw JoinException.secret(other, e);
            } catch (IOException e) {
                log.debug("no node listens at {}: {}", other, e.toString());
            }
        }
    }

    private synchronized void hearOthers() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEARING_MILLIS);
        while (!told.keySet().containsAll(others.keySet()) && System.nanoTime() - until < 0) {
            wait(HEARING_MILLIS / 20);
        }
    }

    @Override
    public void leave(Completable<Void> gone) {
        leave().onComplete(gone);
    }

    /** Tells the others, so that they need not find out. Repeating it is harmless. */
    synchronized Future<Void> leave() {
        if (left.isEmpty()) {
            // The promise has no context: Vert.x may be closing when it is waited for.
            Promise<Void> gone = Promise.promise();
            left = Optional.of(gone.future());
            vertx.executeBlocking(this::disconnect, false).onComplete(gone);
        }
        return left.get();
    }

    private Void disconnect() {
        announcer.stop();
        leaving = true;
        tellAll();
        channel.ifPresent(JChannel::close);
        see(Map.of());
        forgetStrangers();
        return null;
    }

    @Override
    public void viewAccepted(View view) {
        Map<String, String> members = new HashMap<>();
        view.getMembers().forEach(member -> members.put(id(member), member.toString()));
        members.remove(getNodeId());
        see(members);
        announcer.announce();
    }

    private synchronized void see(Map<String, String> members) {
        Map<String, String> before = others;
        others = Map.copyOf(members);
        members.forEach((id, address) -> {
            if (!before.containsKey(id)) {
                log.info("the node at {} joined the cluster", address);
                nodeListener.ifPresent(listener -> listener.nodeAdded(id));
            }
        });
        before.forEach((id, address) -> {
            if (!members.containsKey(id)) {
                log.info("the node at {} left the cluster or is unreachable", address);
                forget(id);
                nodeListener.ifPresent(listener -> listener.nodeLeft(id));
            }
        });
    }

    private synchronized void forget(String id) {
        Optional.ofNullable(told.remove(id))
                .ifPresent(last -> announce(last.listeners().keySet()));
    }

    /** Forgets what was on its way while its node left. */
    private synchronized void forgetStrangers() {
        told.keySet().stream().filter(id -> !others.containsKey(id)).forEach(this::forget);
    }

    @Override
    public void receive(Message message) {
        String from = id(message.getSrc());
        JsonObject json = new JsonObject(
                Buffer.buffer().appendBytes(message.getArray(), message.getOffset(), message.getLength()));
        hear(from, Registrations.read(from, json));
    }

    private synchronized void hear(String from, Registrations now) {
        Registrations before = Optional.ofNullable(told.put(from, now)).orElse(Registrations.NOTHING);
        Set<String> changed = new HashSet<>(before.listeners().keySet());
        changed.addAll(now.listeners().keySet());
        changed.removeIf(address -> before.at(address).equals(now.at(address)));
        announce(changed);
        notifyAll();
    }

    /** Vert.x keeps what it has looked up until it hears of a change. */
    private synchronized void announce(Collection<String> changed) {
        changed.stream()
                .filter(registrationListener::wantsUpdatesFor)
                .forEach(address -> registrationListener.registrationsUpdated(
                        new RegistrationUpdateEvent(address, registrations(address))));
    }

    /** The scheduler runs a task that has thrown never again. */
    private void again() {
        try {
            forgetStrangers();
        } catch (RuntimeException e) {
            log.warn("the addresses of nodes that left could not be forgotten", e);
        }
        tellAll();
    }

    private void tellAll() {
        try {
            byte[] everything = Registrations.write(bus, leaving ? Map.of() : own)
                    .toBuffer()
                    .getBytes();
            channel.orElseThrow()
                    .send(new BytesMessage(null, everything)
                            .setFlag(Message.Flag.RSVP)
                            .setFlag(Message.TransientFlag.DONT_LOOPBACK));
        } catch (Exception e) {
            log.debug("the others were not told: {}", e.toString());
        }
    }

    List<RegistrationInfo> registrations(String address) {
        Set<RegistrationInfo> here = own.getOrDefault(address, Set.of());
        return Stream.of(
                        here.stream().filter(info -> !info.localOnly()),
                        // Vert.x sends to this node the more often, the more of them it is told of.
                        here.stream().filter(RegistrationInfo::localOnly).limit(1),
                        told.values().stream().flatMap(node -> node.at(address).stream()))
                .flatMap(infos -> infos)
                .toList();
    }

    @Override
    public boolean isActive() {
        return channel.filter(JChannel::isConnected).isPresent();
    }

    @Override
    public String getNodeId() {
        return channel.map(JChannel::getAddress).map(Group::id).orElse("");
    }

    /** The id of a process in JGroups; a node that starts again has another one. */
    private static String id(Address address) {
        return ((UUID) address).toStringLong();
    }

    @Override
    public List<String> getNodes() {
        return Stream.concat(Stream.of(getNodeId()), others.keySet().stream()).toList();
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> known) {
        bus = Optional.of(info);
        announcer.announce().onComplete(known);
    }

    @Override
    public NodeInfo getNodeInfo() {
        return bus.orElse(null);
    }

    @Override
    public void getNodeInfo(String id, Completable<NodeInfo> found) {
        (id.equals(getNodeId()) ? bus : Optional.ofNullable(told.get(id)).flatMap(Registrations::bus))
                .ifPresentOrElse(found::succeed, () -> found.fail("this node is not in the cluster now"));
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
        found.succeed(registrations(address));
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> known) {
        own.compute(address, (key, infos) -> {
            Set<RegistrationInfo> all = infos == null ? ConcurrentHashMap.newKeySet() : infos;
            all.add(info);
            return all;
        });
        changed(address, info).onComplete(known);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> known) {
        own.computeIfPresent(address, (key, infos) -> {
            infos.remove(info);
            return infos.isEmpty() ? null : infos;
        });
        changed(address, info).onComplete(known);
    }

    private Future<Void> changed(String address, RegistrationInfo info) {
        announce(List.of(address));
        return info.localOnly() ? Future.succeededFuture() : announcer.announce();
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

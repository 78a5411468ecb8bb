package dev.berth.cluster;

import dev.berth.config.ClusterConfig;
import dev.berth.protocol.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's membership of its cluster. JGroups says which nodes the cluster has; the nodes tell one another which addresses of the event
 * bus they listen on, in a {@link Group}. Vert.x's own cluster managers were tried with three processes, a network that was cut for 30 s, and a node that was stopped (SIGSTOP) for 30 s.
 * Of Infinispan, the stopped node stayed deaf for good: the others had removed what it listens on, and nobody puts that back. Hazelcast
 * heals, but lets anybody in, and takes 8 s to join. JGroups healed each time within 8 s, a cut of its coordinator too.
 */
public final class Cluster {
    private static final Logger log = LoggerFactory.getLogger(Cluster.class);
    private static final long PING_MILLIS = 2_000;
    private static final long PONG_MILLIS = 3_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int RECONNECTS = 2;
    private static final long RECONNECT_MILLIS = 200;

    private final Vertx vertx;
    private final Group group;
    private final NodeAddresses addresses;
    private final Optional<ClusterKeys> keys;

    private Cluster(Vertx vertx, Group group, NodeAddresses addresses, Optional<ClusterKeys> keys) {
        this.vertx = vertx;
        this.group = group;
        this.addresses = addresses;
        this.keys = keys;
    }

    /**
     * Joins the cluster that {@code config} names, or begins one where no other node is there. Fails with
     * {@link JoinException}.
     *
     * @param options of the Vertx that is a node of it; its event bus is set up here
     * @param addresses where to look for other nodes, now and later
     */
    public static Future<Cluster> join(VertxOptions options, ClusterConfig config, NodeAddresses addresses) {
        Promise<Cluster> joined = Promise.promise();
        // Takes a while, and Vert.x warns where a thread of another Vertx makes one.
        new Thread(
                        () -> Future.succeededFuture()
                                .map(now -> config.secret().map(ClusterKeys::derive))
                                .compose(keys -> join(options, config, addresses, keys))
                                .onComplete(joined),
                        "berth-cluster")
                .start();
        return joined.future();
    }

    static Future<Cluster> join(
            VertxOptions options, ClusterConfig config, NodeAddresses addresses, Optional<ClusterKeys> keys) {
        String host = config.host().orElseThrow();
        Group group = new Group(config, addresses, keys);
        return Vertx.builder()
                .with(new VertxOptions(options).setEventBusOptions(bus(host, config.busPort(), keys)))
                .withClusterManager(group)
                .buildClustered()
                .map(vertx -> new Cluster(vertx.exceptionHandler(Cluster::unhandled), group, addresses, keys))
                .recover(e -> Future.failedFuture(
                        e instanceof JoinException ? e : JoinException.port(host, config.busPort(), e)));
    }

    private static void unhandled(Throwable e) {
        if (isOfTheBus(e)) {
            log.debug("an event did not reach a node: {}", e.toString());
        } else {
            log.error("an exception was not handled", e);
        }
    }

    /** The bus has one promise for all nodes that get an event, and fails it for each that it can't write to: Vert.x 5.0.7. */
    static boolean isOfTheBus(Throwable e) {
        StackTraceElement[] frames = e.getStackTrace();
        return e instanceof IllegalStateException
                && frames.length > 0
                && frames[0].getClassName().equals(Promise.class.getName())
                && Arrays.stream(frames).noneMatch(frame -> frame.getClassName().startsWith("dev.berth."));
    }

    private static EventBusOptions bus(String host, int port, Optional<ClusterKeys> keys) {
        EventBusOptions options = new EventBusOptions()
                .setHost(host)
                .setPort(port)
                .setConnectTimeout(CONNECT_MILLIS)
                .setReconnectAttempts(RECONNECTS)
                .setReconnectInterval(RECONNECT_MILLIS)
                // A connection that was cut is found out within these together, and what waits on it is dropped.
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PONG_MILLIS);
        keys.ifPresent(of -> of.bus(options));
        return options;
    }

    /** The Vertx whose event bus reaches all nodes. */
    public Vertx vertx() {
        return vertx;
    }

    /** Empty where the cluster has no secret. */
    public Optional<ClusterKeys> keys() {
        return keys;
    }

    /** The addresses at which this node looks for others. */
    public NodeAddresses addresses() {
        return addresses;
    }

    /**
     * Whether a node takes {@link Addresses#node requests} that this one can send to it now: it has said so, and is in this one's view of
     * the cluster. True of this node itself. Thread-safe, and asks nobody.
     */
    public boolean isLinkedWith(String machineId) {
        return group.registrations(Addresses.node(machineId)).stream().anyMatch(info -> !info.localOnly());
    }

    /** Says goodbye to the other nodes; the bus reaches this node alone from then on. */
    public Future<Void> leave() {
        return group.leave();
    }
}

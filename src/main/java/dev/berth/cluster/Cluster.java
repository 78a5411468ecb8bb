package dev.berth.cluster;

import dev.berth.config.ServerConfig;
import dev.berth.protocol.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.Optional;
import java.util.Set;

/**
 * A node's place in its cluster. Who is in it, and who listens on what, nodes tell one another in a {@link Mesh} of Berth's own.
 * Infinispan and Hazelcast were tried first: with Vert.x 5.0.7, three processes, a network that was cut for 30 s, and a node that
 * was stopped (SIGSTOP) for 30 s. Of Infinispan, the stopped node stayed deaf for good: the others had removed what it listens
 * on, and nobody puts that back; as Vert.x keeps a node's id for life, leaving and joining anew is no cure. Hazelcast heals, in
 * 10 s, but lets anybody in, and takes 8 s to join.
 */
public final class Cluster {
    private static final long PING_MILLIS = 2_000;
    private static final long PONG_MILLIS = 3_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int RECONNECTS = 2;
    private static final long RECONNECT_MILLIS = 200;

    private final Vertx vertx;
    private final Mesh mesh;
    private final Optional<ClusterKeys> keys;

    private Cluster(Vertx vertx, Mesh mesh, Optional<ClusterKeys> keys) {
        this.vertx = vertx;
        this.mesh = mesh;
        this.keys = keys;
    }

    /**
     * Joins the cluster that {@code config} names, or begins one where no other node is there. Fails with
     * {@link JoinException}.
     *
     * @param options of the Vertx that is a node of it; its event bus is set up here
     */
    public static Future<Cluster> join(VertxOptions options, ServerConfig.Cluster config) {
        Promise<Cluster> joined = Promise.promise();
        // Takes a while, and Vert.x warns where a thread of another Vertx makes one.
        new Thread(
                        () -> Future.succeededFuture()
                                .map(now -> config.secret().map(ClusterKeys::derive))
                                .compose(keys -> join(options, config, keys))
                                .onComplete(joined),
                        "berth-cluster")
                .start();
        return joined.future();
    }

    static Future<Cluster> join(VertxOptions options, ServerConfig.Cluster config, Optional<ClusterKeys> keys) {
        String host = config.host().orElseThrow();
        Mesh mesh = new Mesh(new MeshSettings(host, config.port(), config.members(), keys));
        return Vertx.builder()
                .with(new VertxOptions(options).setEventBusOptions(bus(host, config.busPort(), keys)))
                .withClusterManager(mesh)
                .buildClustered()
                .map(vertx -> new Cluster(Unhandled.watch(vertx), mesh, keys))
                .recover(e -> Future.failedFuture(
                        e instanceof JoinException ? e : JoinException.port(host, config.busPort(), e)));
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

    /** Whose event bus reaches all nodes. */
    public Vertx vertx() {
        return vertx;
    }

    /** Empty where the cluster has no secret. */
    public Optional<ClusterKeys> keys() {
        return keys;
    }

    /**
     * Whether a node takes {@link Addresses#node requests} that this one can send to it now: it has said so, and has been heard within
     * the last seconds. True of this node itself. Thread-safe, and asks nobody.
     */
    public boolean isLinkedWith(String machineId) {
        return mesh.isHeardOn(Addresses.node(machineId));
    }

    /** Which process of a node that is: none where {@link #isLinkedWith} is false. Thread-safe. */
    public Optional<String> processOf(String machineId) {
        return mesh.listenerOn(Addresses.node(machineId));
    }

    /** What follows {@code prefix} in the addresses that nodes listen on which this one hears. Thread-safe. */
    Set<String> heardBelow(String prefix) {
        return mesh.heardBelow(prefix);
    }

    /** Tells all nodes anew what this one listens on, on new connections. */
    public Future<Void> rejoin() {
        return mesh.rejoin();
    }

    /** Tells the other nodes good-bye; the bus reaches this node alone from then on. */
    public Future<Void> leave() {
        return mesh.leave();
    }
}

package dev.berth.cluster;

import dev.berth.cluster.LeaseMachine.Authority;
import dev.berth.cluster.Registration.Registered;
import dev.berth.history.Database;
import dev.berth.history.LostNodes;
import dev.berth.history.NodeRepository;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.NodeRow;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ClusterNodes;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A node's membership of its cluster: while it has its lease in Postgres, its sessions are its own. Thread-safe.
 *
 * <p>It has a Vertx and connections of its own: a lease that waits for a busy event loop or a busy pool is lost by a node that lives.
 */
public final class NodeLease implements ClusterNodes {
    private static final LeaseTerms TERMS = LeaseTerms.USUAL;
    /** Of which one is used unless Postgres does not answer. */
    private static final int CONNECTIONS = 6;

    private static final long FIRST_SECONDS = 15;
    private static final long LOOK_MILLIS = 50;
    private static final long KNOWN_SECONDS = 10;

    private final Vertx bus;
    private final String machineId;
    private final Vertx vertx;
    private final Database database;
    private final NodeRepository nodes;
    private final Undertaker undertaker;
    private LeaseKeeper keeper;

    private NodeLease(Vertx bus, URI postgres, String machineId, double pricePerHour) {
        this.bus = bus;
        this.machineId = machineId;
        vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
        database = Database.forLease(vertx, postgres, CONNECTIONS, TimeUnit.NANOSECONDS.toMillis(TERMS.own()));
        nodes = new NodeRepository(database, machineId, TERMS.leaseMillis());
        undertaker = new Undertaker(bus, nodes, new LostNodes(database, pricePerHour));
    }

    /**
     * Registers this process as the node. Fails with one line where another process is the node and alive, or where the clocks of this
     * machine and of Postgres are apart.
     *
     * @param bus on which sessions tell their events
     * @param postgres has the tables
     */
    public static Future<NodeLease> join(
            Vertx bus, URI postgres, String machineId, Applicant process, double pricePerHour, Peers peers) {
        NodeLease lease = new NodeLease(bus, postgres, machineId, pricePerHour);
        Promise<NodeLease> joined = onContextOf(bus);
        lease.checkClock()
                .compose(right -> lease.register(machineId, process, peers))
                .onSuccess(registered -> joined.complete(lease))
                .onFailure(e -> lease.close().onComplete(closed -> joined.fail(e)));
        return joined.future();
    }

    /** What is told on a context of the lease's own Vertx is not heard of once that is closed. */
    private static <T> Promise<T> onContextOf(Vertx bus) {
        return ((ContextInternal) bus.getOrCreateContext()).promise();
    }

    private Future<Void> checkClock() {
        Instant before = Instant.now();
        return nodes.clock()
                .compose(clock -> apart(before, clock, Instant.now())
                        .<Future<Void>>map(Future::failedFuture)
                        .orElseGet(Future::succeededFuture));
    }

    static Optional<BerthException> apart(Instant before, Instant postgres, Instant after) {
        Duration ahead = Duration.between(after, postgres);
        Duration behind = Duration.between(postgres, before);
        Duration most = Duration.ofNanos(TERMS.lease());
        return ahead.compareTo(most) <= 0 && behind.compareTo(most) <= 0
                ? Optional.empty()
                : Optional.of(new BerthException(
                        ErrorCode.CONFLICT,
                        "the clock of this machine is " + (ahead.isNegative() ? behind : ahead).toSeconds() + " s "
                                + (ahead.isNegative() ? "ahead of" : "behind")
                                + " the clock of Postgres; nodes of a cluster"
                                + " need clocks that are less than " + most.toSeconds() + " s apart (NTP)"));
    }

    private Future<Void> register(String machineId, Applicant process, Peers peers) {
        Registration registration = new Registration(vertx, nodes, machineId, process, TERMS);
        return registration
                .register()
                .compose(registered -> start(registration, registered, peers))
                .timeout(FIRST_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Void> start(Registration registration, Registered registered, Peers peers) {
        LeaseMachine machine = new LeaseMachine(TERMS, registered.epoch(), registered.sent(), System.nanoTime());
        keeper = new LeaseKeeper(vertx, nodes, registration, undertaker, peers, machine);
        // At once: until then, others take it for a node that has not registered.
        peers.tellOfPostgres(keeper::reachesPostgres);
        return keeper.start();
    }

    /**
     * From now on this node can take sessions, and tells the others of them. Completes once each other node has heard that, which it
     * does with its own renewals; after {@value #KNOWN_SECONDS} s at the latest, should Postgres be away.
     */
    public Future<Void> hold(HeldSessions sessions) {
        keeper.hold(sessions);
        Promise<Void> told = onContextOf(bus);
        long looks = bus.setPeriodic(LOOK_MILLIS, look -> {
            if (living().stream().anyMatch(node -> node.machineId().equals(machineId))) {
                told.tryComplete();
            }
        });
        return told.future()
                .timeout(KNOWN_SECONDS, TimeUnit.SECONDS)
                .onComplete(done -> bus.cancelTimer(looks))
                .compose(written -> bus.timer(TERMS.renewal(), TimeUnit.NANOSECONDS))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Why this node may not take or hold sessions now; empty if it may. */
    public Optional<String> refusal() {
        Authority known = keeper.authority();
        if (known.holds(System.nanoTime())) {
            return Optional.empty();
        }
        return Optional.of(
                switch (known.hold()) {
                    case FENCED -> "this node was declared lost by another; it joins the cluster anew in a moment";
                    case CUT_OFF, HELD ->
                        "this node has not renewed its lease in time: it does not reach Postgres, or stood still";
                });
    }

    @Override
    public List<ClusterNode> living() {
        return keeper.living();
    }

    /** All nodes, and those that left within a day, in the order of their names. */
    public Future<List<NodeRow>> all() {
        return nodes.list();
    }

    public static long leaseMillis() {
        return TERMS.leaseMillis();
    }

    public LeaseFigures figures() {
        return new LeaseFigures(
                Math.max(1, keeper.living().size()),
                TimeUnit.NANOSECONDS.toMillis(keeper.ageNanos()),
                keeper.rejoins(),
                undertaker.declared());
    }

    /** Leaves the cluster, so that nobody waits for the end of the lease. To be called once no session is left, and all is told. */
    public Future<Void> release() {
        return keeper.release();
    }

    /** Ends the renewals. Without {@link #release} the others find the node dead after a while. */
    public Future<Void> close() {
        if (keeper != null) {
            keeper.abandon();
        }
        Promise<Void> closed = onContextOf(bus);
        database.close().onComplete(ended -> vertx.close().onComplete(closed));
        return closed.future();
    }
}

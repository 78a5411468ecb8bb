package dev.berth.cluster;

import dev.berth.database.Database;
import dev.berth.history.node.LostNodes;
import dev.berth.history.node.NodeRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.history.node.NodeRow;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.protocol.NodeCommand.ClusterNodes;
import dev.berth.protocol.NodeCommand.NodeStatus;
import dev.berth.protocol.Publishing;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster that this node lives: raises a counter in its row, and reads the counters of the others, of whom it declares lost
 * those that are silent for too long. Thread-safe.
 *
 * <p>The heartbeat has a Vertx and connections of its own: behind a busy event loop or a busy pool, the beats of a living node would come
 * too late. All fields are used on that event loop, but for those that say otherwise.
 */
public final class Heartbeat implements ClusterNodes {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final long BEAT_MILLIS = 2_000;
    private static final long STATUS_MILLIS = 500;
    /** Timeout of a beat: less than {@link FailureDetector#GAP_NANOS}, so that one lost answer does not begin the others' 15 s anew. */
    private static final long QUERY_MILLIS = 4_000;
    /** A beat takes one connection; the others are for beats while Postgres does not answer, and for declaring nodes lost. */
    private static final int CONNECTIONS = 6;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long JOIN_SECONDS = 20;
    private static final BerthException GONE =
            new BerthException(ErrorCode.NOT_READY, "this node was declared lost by another, and ends");

    private final Vertx bus;
    private final String machineId;
    private final Consumer<List<InetSocketAddress>> addresses;
    private final Runnable onLost;
    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final NodeRepository nodes;
    private final LostNodes lost;
    private final FailureDetector detector = new FailureDetector();
    private final Standstill standstill;
    /** Any thread may read it. */
    private final AtomicLong declared = new AtomicLong();

    private long counter = -1;
    private long sweptAt = System.nanoTime();
    private boolean closed;
    private boolean gone;

    /** Any thread may read these. */
    private volatile long epoch;

    private volatile List<ClusterNode> living = List.of();
    private volatile long heardAt = System.nanoTime();
    private volatile Supplier<Future<Optional<NodeStatus>>> status = () -> Future.succeededFuture(Optional.empty());

    private Heartbeat(
            Vertx bus,
            URI postgres,
            String machineId,
            double pricePerHour,
            Consumer<List<InetSocketAddress>> addresses,
            Runnable onLost) {
        this.bus = bus;
        this.machineId = machineId;
        this.addresses = addresses;
        this.onLost = onLost;
        vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                // With it, Vert.x makes a temporary folder, which a killed process leaves.
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false))
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
        context = vertx.getOrCreateContext();
        database = Database.forHeartbeat(vertx, postgres, CONNECTIONS, QUERY_MILLIS);
        nodes = new NodeRepository(database, machineId);
        lost = new LostNodes(database, pricePerHour);
        standstill = new Standstill(
                System::nanoTime, (millis, late) -> vertx.setTimer(millis, due -> late.run()), this::renewSoon);
    }

    /**
     * Registers this process as the node, and begins. Fails with one line where another process is the node, and alive.
     *
     * @param bus on which sessions tell their events
     * @param postgres has the tables
     * @param addresses is told where the other nodes' transports listen, as often as that is read
     * @param onLost called once when the node has been declared lost: it must end the process, whose Chromes exit with it
     */
    public static Future<Heartbeat> join(
            Vertx bus,
            URI postgres,
            String machineId,
            Applicant process,
            double pricePerHour,
            Consumer<List<InetSocketAddress>> addresses,
            Runnable onLost) {
        Heartbeat heartbeat = new Heartbeat(bus, postgres, machineId, pricePerHour, addresses, onLost);
        Future<Void> begun = new Registration(heartbeat.vertx, heartbeat.nodes, machineId, process)
                .register()
                .compose(heartbeat::begin)
                .timeout(JOIN_SECONDS, TimeUnit.SECONDS);
        return heartbeat
                .onBus(begun)
                .map(heartbeat)
                .recover(e -> heartbeat.close().transform(closed -> Future.failedFuture(e)));
    }

    private Future<Void> begin(long registered) {
        epoch = registered;
        vertx.setPeriodic(BEAT_MILLIS, tick -> standstill.attempt());
        standstill.attempt();
        return bus.eventBus()
                .<Long>consumer(Addresses.lost(machineId), message -> toldOfLoss(message.body()))
                .completion();
    }

    private <T> Future<T> onContext(Future<T> result) {
        return on(context, result);
    }

    /** Completes a future on the bus's context: a context of the heartbeat's own Vertx tells nothing once that is closed. */
    private <T> Future<T> onBus(Future<T> result) {
        return on(bus.getOrCreateContext(), result);
    }

    private static <T> Future<T> on(Context context, Future<T> result) {
        Promise<T> here = LoopPromise.on(context);
        result.onComplete(here);
        return here.future();
    }

    /** The number of this registration. */
    public long epoch() {
        return epoch;
    }

    /**
     * Lets this node take sessions from now on, and tell the others of them. Completes once each node has read that, or Postgres is away.
     *
     * @param held what it has
     */
    public Future<Void> hold(Supplier<Future<NodeStatus>> held) {
        status = () -> held.get().map(Optional::of);
        return onBus(standstill.attempt())
                .transform(told -> bus.timer(BEAT_MILLIS + STATUS_MILLIS))
                .mapEmpty();
    }

    /**
     * Completes when this node may answer for a session: at once, unless it has stood still, as {@link Standstill} says. Fails where the
     * node was declared lost.
     */
    public Future<Void> confirmed() {
        Future<Void> known = standstill.confirmed();
        return known.isComplete() ? known : onBus(known);
    }

    /** For any thread. */
    private Future<Void> renewSoon() {
        Promise<Void> tried = LoopPromise.on(context);
        context.runOnContext(ignored -> renew().onComplete(tried));
        return tried.future();
    }

    private Future<Void> renew() {
        Future<Optional<NodeStatus>> told = status.get().timeout(STATUS_MILLIS, TimeUnit.MILLISECONDS);
        return onContext(told.otherwise(Optional.empty()))
                .compose(now -> onContext(nodes.renew(epoch, now)))
                .onSuccess(this::renewed)
                .onFailure(e -> log.debug("the counter of this node could not be raised: {}", e.toString()))
                .mapEmpty();
    }

    private void renewed(List<NodeRow> rows) {
        if (rows.isEmpty()) {
            lost();
        } else if (!closed && rows.get(0).renewals() > counter) {
            counter = rows.get(0).renewals();
            heardAt = System.nanoTime();
            living = rows.stream()
                    .flatMap(row -> row.node().stream())
                    .sorted(Comparator.comparing(ClusterNode::machineId))
                    .toList();
            List<NodeRow> others = rows.subList(1, rows.size());
            addresses.accept(
                    others.stream().flatMap(row -> address(row).stream()).toList());
            detector.read(others, heardAt).forEach(this::declare);
            sweepNowAndThen();
        }
    }

    private static Optional<InetSocketAddress> address(NodeRow row) {
        return row.clusterPort().isPresent()
                ? Optional.of(InetSocketAddress.createUnresolved(
                        row.host(), row.clusterPort().getAsInt()))
                : Optional.empty();
    }

    /** The others are told of its sessions' ends, and the node itself by its epoch, in case it lives but does not reach Postgres. */
    private void declare(NodeRow node) {
        lost.declare(node)
                .onSuccess(ended -> ended.ifPresent(all -> {
                    declared.incrementAndGet();
                    log.warn(
                            "{} at {} stopped sending heartbeats and is declared lost, with {} sessions and {} AI tasks",
                            node.machineId(),
                            node.host(),
                            all.sessions().size(),
                            all.tasks().size());
                    LostEnds.tell(bus, all);
                    Publishing.publish(bus, Addresses.lost(node.machineId()), node.epoch());
                }))
                .onFailure(e -> log.warn("{} could not be declared lost: {}", node.machineId(), e.toString()));
    }

    /** Ends what processes claimed in the moment in which they were declared lost, and what was locked then. */
    private void sweepNowAndThen() {
        if (heardAt - sweptAt >= SWEEP_NANOS) {
            sweptAt = heardAt;
            nodes.departedWithSessions()
                    .onSuccess(departed -> departed.forEach(node -> lost.sweep(node)
                            .onSuccess(ended -> ended.ifPresent(all -> LostEnds.tell(bus, all)))
                            .onFailure(e -> log.debug("{} could not be swept: {}", node.machineId(), e.toString()))))
                    .onFailure(e -> log.debug("departed nodes could not be looked for: {}", e.toString()));
        }
    }

    /** The node that declares this one lost has taken its epoch first: a message that names another epoch is for an earlier process. */
    private void toldOfLoss(long ofEpoch) {
        if (ofEpoch == epoch) {
            context.runOnContext(ignored -> lost());
        }
    }

    private void lost() {
        if (gone || closed) {
            return;
        }
        gone = true;
        standstill.lose(GONE);
        log.error(
                "this process is no longer the node {}: another node declared it lost, or another process took its place; it exits,"
                        + " and its Chromes with it",
                machineId);
        onLost.run();
    }

    @Override
    public List<ClusterNode> living() {
        return living;
    }

    /** All nodes, and those that left within a day, in the order of their names. */
    public Future<List<NodeRow>> all() {
        return nodes.list();
    }

    /** How long ago the others could hear this node last. */
    public long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardAt);
    }

    /** How many nodes this one declared lost. */
    public long declared() {
        return declared.get();
    }

    /** Leaves the cluster, so that nobody takes this node for lost. To be called once no session is left, and all is told. */
    public Future<Void> release() {
        Promise<Void> released = LoopPromise.on(context);
        context.runOnContext(ignored -> {
            closed = true;
            nodes.release(epoch).onComplete(released);
        });
        return onBus(released.future());
    }

    /** Ends the heartbeat. Without {@link #release} the others find the node dead after a while. */
    public Future<Void> close() {
        context.runOnContext(ignored -> closed = true);
        return onBus(database.close()).transform(done -> onBus(vertx.close()));
    }
}

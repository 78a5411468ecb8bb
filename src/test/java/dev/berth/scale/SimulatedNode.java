package dev.berth.scale;

import dev.berth.browser.Screens;
import dev.berth.cluster.Cluster;
import dev.berth.cluster.Heartbeat;
import dev.berth.cluster.NodeAddresses;
import dev.berth.cluster.Placement;
import dev.berth.cluster.Relay;
import dev.berth.config.ServerConfig;
import dev.berth.fake.FakeRecorders;
import dev.berth.fake.FakeStore;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.Database;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LostSessions;
import dev.berth.history.NavigationRepository;
import dev.berth.history.NodeEpoch;
import dev.berth.history.NodeRepository.Applicant;
import dev.berth.history.Notifications;
import dev.berth.history.ObjectIndex;
import dev.berth.history.OwnerRepository;
import dev.berth.history.QueueRepository;
import dev.berth.history.SessionRepository;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.logs.LogShipper;
import dev.berth.loop.VertxScheduler;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.session.SessionServices;
import dev.berth.session.SessionSupervisor;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A node with a Vertx of its own: all of it is real but its browsers, its object store and its API. */
final class SimulatedNode {
    private static final int POOL_SIZE = 16;
    private static final long DAY_MILLIS = 86_400_000;
    private static final int MAX_SESSIONS = 10_000;

    final String machineId;
    final Vertx vertx;
    final SessionClient client;
    /** Messages of sessions, tasks and nodes that it sent, of which {@code Simulation} makes a rate. */
    final AtomicLong sent = new AtomicLong();

    private final Cluster cluster;
    private final Heartbeat heartbeat;
    private boolean dead;

    private SimulatedNode(String machineId, Cluster cluster, Heartbeat heartbeat) {
        this.machineId = machineId;
        this.cluster = cluster;
        this.vertx = cluster.vertx();
        this.heartbeat = heartbeat;
        this.client = new SessionClient(vertx);
        vertx.eventBus().addOutboundInterceptor(context -> {
            sent.incrementAndGet();
            context.next();
        });
    }

    static SimulatedNode start(int number, int port, List<InetSocketAddress> others, URI postgres, Path folder) {
        String machineId = "d000000" + number;
        Cluster cluster = Simulation.await(Cluster.join(
                new VertxOptions().setPreferNativeTransport(true),
                new ServerConfig.Cluster(Optional.of("127.0.0.1"), port, Optional.of("the simulation's secret")),
                new NodeAddresses(others)));
        Vertx vertx = cluster.vertx();
        RecordCodec.registerAll(vertx);
        Heartbeat heartbeat = Simulation.await(Heartbeat.join(
                vertx,
                postgres,
                machineId,
                new Applicant("simulation " + number, "127.0.0.1", port + 2, port, "simulated"),
                0,
                cluster.addresses()::set,
                () -> {
                    throw new IllegalStateException(machineId + " was declared lost");
                }));
        Database database = new Database(vertx, postgres, POOL_SIZE);
        JournaledOutbox outbox = new JournaledOutbox(vertx, database, folder.resolve("journal-" + number));
        Simulation.await(outbox.start());
        Simulation.await(Relay.start(vertx, machineId, new VertxScheduler(vertx), new OwnerRepository(database)));
        SessionSupervisor supervisor = new SessionSupervisor(
                services(vertx, machineId, heartbeat, database, outbox, folder), "Simulated/1", true, Optional.empty());
        Simulation.await(vertx.deployVerticle(supervisor));
        supervisor.takeWaiting();
        SimulatedNode node = new SimulatedNode(machineId, cluster, heartbeat);
        heartbeat.hold(() -> node.client.describe(machineId));
        return node;
    }

    private static SessionServices services(
            Vertx vertx,
            String machineId,
            Heartbeat heartbeat,
            Database database,
            JournaledOutbox outbox,
            Path folder) {
        SessionRepository sessions = new SessionRepository(database, outbox, NodeEpoch.NONE);
        Notifications notifications = new Notifications(vertx, database);
        Simulation.await(notifications.start());
        Placement placement = new Placement(machineId, heartbeat, id -> true, System::nanoTime);
        FakeStore store = new FakeStore();
        LogShipper shipper = new LogShipper(
                vertx,
                VertxScheduler.lasting(vertx),
                store,
                new LogChunkRepository(database),
                folder.resolve("logs-" + machineId),
                new NodeMetrics().capture());
        Simulation.await(shipper.start());
        return new SessionServices(
                new VertxScheduler(vertx),
                new SessionServices.Node(
                        machineId,
                        heartbeat::confirmed,
                        () -> placement.next().map(ClusterNode::machineId).filter(id -> !id.equals(machineId)),
                        () -> placement.other().map(ClusterNode::machineId)),
                new ServerConfig.Sessions(
                        MAX_SESSIONS,
                        1_000_000,
                        MAX_SESSIONS,
                        60_000,
                        DAY_MILLIS,
                        DAY_MILLIS,
                        30_000,
                        DAY_MILLIS,
                        0.1,
                        0),
                1L << 30,
                new ServerConfig.Bodies(List.of(), List.of()),
                new InstantBrowsers(vertx),
                new Screens(),
                store,
                shipper,
                new SessionServices.Rows(
                        sessions,
                        new LostSessions(database, outbox, machineId, 0.1, NodeEpoch.NONE),
                        new QueueRepository(database, sessions, notifications, machineId, true, NodeEpoch.NONE),
                        new NavigationRepository(database),
                        new ActionRepository(vertx, database, outbox),
                        new ArtifactRepository(database, outbox),
                        new ObjectIndex(database, outbox)),
                new SessionServices.Videos(
                        new FakeRecorders(),
                        new RecordingFolders(vertx, folder.resolve(machineId)),
                        new PointerDrawing(vertx)),
                new NodeMetrics());
    }

    /** How many nodes it knows of. */
    int living() {
        return heartbeat.living().size();
    }

    /** Says and hears nothing more, as after {@code kill -9}. */
    void die() {
        dead = true;
        heartbeat.close();
        Simulation.await(cluster.leave());
    }

    void close() {
        if (!dead) {
            heartbeat.close();
        }
        Simulation.await(vertx.close());
    }
}

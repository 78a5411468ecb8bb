package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.BerthVerticle;
import dev.berth.config.ObjectStoreConfig;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Berths that other programs deploy into Vertx of their own. */
@Order(1)
class BerthVerticleIT {
    private final Vertx vertx = withNativeTransport();
    private final Path folder = Berth.temporaryFolder();

    private static Vertx withNativeTransport() {
        return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    }

    @AfterEach
    void close() {
        Berth.await(vertx.close());
        Berth.delete(folder);
    }

    /** Without an own Postgres, which takes longer to start than all the rest. */
    private JsonObject settings(String name) throws IOException {
        ObjectStoreConfig store = Berth.shared().server.config().objectStore();
        return new JsonObject()
                .put("data-dir", folder.resolve(name).toString())
                .put("http", new JsonObject().put("port", 0))
                .put("pool.size", 0)
                .put("postgres", new JsonObject().put("uri", Berth.newDatabase()))
                .put(
                        "s3",
                        new JsonObject()
                                .put("endpoint", store.endpoint().orElseThrow().toString())
                                .put("access-key", store.accessKey())
                                .put("secret-key", store.secretKey())
                                .put("bucket", "berth"));
    }

    private static String deploy(Vertx vertx, BerthVerticle berth, JsonObject settings) {
        return Berth.await(vertx.deployVerticle(berth, new DeploymentOptions().setConfig(settings)));
    }

    @Test
    void theBerthsOfOneVertxTakeSessionsInTurnAndEachClientReachesAll() throws Exception {
        BerthVerticle first = new BerthVerticle();
        BerthVerticle second = new BerthVerticle();
        String firstId = deploy(vertx, first, settings("first"));
        String secondId = deploy(vertx, second, settings("second"));
        assertThat(first.machineId()).isNotEqualTo(second.machineId());

        SessionClient client = new SessionClient(vertx);
        SessionAccepted one = Berth.await(client.create(CreateSession.ofDefaults()));
        SessionAccepted two = Berth.await(client.create(CreateSession.ofDefaults()));
        assertThat(List.of(one.machineId(), two.machineId()))
                .containsExactlyInAnyOrder(first.machineId(), second.machineId());
        assertThat(Berth.await(client.at(second.machineId()).create(CreateSession.ofDefaults()))
                        .machineId())
                .isEqualTo(second.machineId());
        for (SessionAccepted made : List.of(one, two)) {
            Berth.await(client.ask(made.sessionId(), new AwaitRunning()));
            assertThat(Berth.await(client.ask(made.sessionId(), new Evaluate("6 * 7", 5_000)))
                            .json())
                    .isEqualTo("42");
            assertThat(Berth.await(client.ask(made.sessionId(), new DescribeSession()))
                            .machineId())
                    .isEqualTo(made.machineId());
        }

        for (BerthVerticle berth : List.of(first, second)) {
            Api api = new Api(berth.url(), berth.apiKey().orElseThrow());
            for (int i = 0; i < 2; i++) {
                String session = api.newSession();
                assertThat(api.get(session).json().getString("machineId")).isEqualTo(berth.machineId());
                api.delete(session);
                assertThat(api.get(session).json().getString("endReason")).isEqualTo("client");
            }
        }

        SessionId ofSecond = (one.machineId().equals(second.machineId()) ? one : two).sessionId();
        Berth.await(vertx.undeploy(firstId));
        assertThat(Berth.await(client.ask(ofSecond, new Evaluate("6 * 7", 5_000)))
                        .json())
                .isEqualTo("42");
        assertThat(Berth.await(client.ask(ofSecond, new EndSession(EndReason.CLIENT)))
                        .reason())
                .isEqualTo(EndReason.CLIENT);
        Berth.await(vertx.undeploy(secondId));
        assertThatThrownBy(() -> Berth.await(client.create(CreateSession.ofDefaults())))
                .hasMessageContaining("no node is ready to take this request");
    }

    @Test
    void aStartThatFailsLeavesNothingAndTheNextOneWorks() throws Exception {
        JsonObject settings = settings("data");
        int taken = URI.create(Berth.shared().server.url()).getPort();
        assertThatThrownBy(() -> deploy(
                        vertx, new BerthVerticle(), settings.copy().put("http", new JsonObject().put("port", taken))))
                .hasMessageContaining("http.port (BERTH_HTTP_PORT): 127.0.0.1:" + taken + " can't be used");
        assertThatThrownBy(
                        () -> deploy(vertx, new BerthVerticle(), settings.copy().put("pool.size", -1)))
                .hasMessageContaining("pool.size (BERTH_POOL_SIZE)");
        assertThatThrownBy(() ->
                        deploy(vertx, new BerthVerticle(), settings.copy().put("htp", new JsonObject().put("port", 1))))
                .hasMessageContaining("htp.port");
        assertThatThrownBy(
                        () -> deploy(vertx, new BerthVerticle(), settings.copy().put("cluster.host", "127.0.0.1")))
                .hasMessageContaining("cluster.host (BERTH_CLUSTER_HOST) can't be set here");
        assertThat(vertx.deploymentIDs()).isEmpty();
        Api.await(() -> left(new ThreadGroup("nobody")), List::isEmpty);

        BerthVerticle good = new BerthVerticle();
        deploy(vertx, good, settings);
        Api api = new Api(good.url(), good.apiKey().orElseThrow());
        Api.Opened session = api.create();
        CdpClient client = CdpClient.connect(session.connectUrl());
        assertThat(client.evaluate("1 + 1", client.attach())).isEqualTo(2);
        client.leave();
        api.delete(session.path());
    }

    @Test
    void aVertxWithoutItsNativeTransportIsRefused() throws Exception {
        JsonObject settings = settings("data");
        Vertx plain = Vertx.vertx();
        assertThatThrownBy(() -> deploy(plain, new BerthVerticle(), settings))
                .hasMessageContaining("setPreferNativeTransport(true)");
        Berth.await(plain.close());
    }

    @Test
    void theSameDataDirectoryTwiceIsRefused() throws Exception {
        JsonObject settings = settings("data");
        deploy(vertx, new BerthVerticle(), settings);
        assertThatThrownBy(() -> deploy(vertx, new BerthVerticle(), settings))
                .hasMessageContaining("is in use by another Berth");
        // What is still at work then would complain, which fails the suite.
        Vertx brief = withNativeTransport();
        assertThatThrownBy(() -> deploy(brief, new BerthVerticle(), settings))
                .hasMessageContaining("is in use by another Berth");
        Berth.await(brief.close());
        assertThat(Berth.await(new SessionClient(vertx).create(CreateSession.ofDefaults()))
                        .status())
                .hasToString("CREATING");
    }

    /** As a program ends that does not undeploy first. */
    @Test
    void closingTheVertxEndsSessionsInGoodOrder() throws Exception {
        JsonObject settings = settings("data");
        Vertx closing = withNativeTransport();
        BerthVerticle berth = new BerthVerticle();
        deploy(closing, berth, settings);
        Api api = new Api(berth.url(), berth.apiKey().orElseThrow());
        String session = api.newSession();
        ProcessHandle chrome = Berth.chromeOf(session);
        Berth.await(closing.close());
        assertThat(chrome.isAlive()).isFalse();

        BerthVerticle next = new BerthVerticle();
        deploy(vertx, next, settings);
        assertThat(next.machineId()).isEqualTo(berth.machineId());
        assertThat(next.apiKey()).isEqualTo(berth.apiKey());
        assertThat(new Api(next.url(), next.apiKey().orElseThrow())
                        .get(session)
                        .json()
                        .getString("endReason"))
                .isEqualTo("node_drained");
    }

    @Test
    void deployingAgainAndAgainLeavesNothing() throws Exception {
        JsonObject settings = settings("data");
        ThreadGroup group = new ThreadGroup("user");
        Vertx users = inGroup(group, BerthVerticleIT::withNativeTransport);
        for (int i = 0; i < 2; i++) {
            inGroup(group, () -> round(users, settings));
            Api.await(() -> left(group), List::isEmpty);
        }
        Berth.await(users.close());
    }

    private static Void round(Vertx users, JsonObject settings) {
        BerthVerticle berth = new BerthVerticle();
        String id = deploy(users, berth, settings);
        SessionAccepted made = Berth.await(new SessionClient(users).create(CreateSession.ofDefaults()));
        Berth.await(new SessionClient(users).ask(made.sessionId(), new AwaitRunning()));
        Berth.await(users.undeploy(id));
        assertThat(users.deploymentIDs()).isEmpty();
        return null;
    }

    /** A thread belongs to the group of the one that starts it. */
    private static <T> T inGroup(ThreadGroup group, Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        new Thread(group, () -> done.completeAsync(work, Runnable::run)).start();
        return done.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** The threads that are not Vert.x's own, or a library's for the whole JVM; the processes; and the open files. */
    private List<String> left(ThreadGroup group) {
        Thread[] threads = new Thread[group.activeCount() + 100];
        Stream<String> ours = Stream.of(Arrays.copyOf(threads, group.enumerate(threads)))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("vert") && !name.startsWith("OkHttp "));
        Stream<String> processes = ProcessHandle.current()
                .descendants()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(folder.toString()));
        return Stream.of(ours, processes, openFiles().filter(file -> file.startsWith(folder.toString())))
                .flatMap(left -> left)
                .toList();
    }

    private static Stream<String> openFiles() {
        List<String> files = new ArrayList<>();
        for (String fd : new File("/proc/self/fd").list()) {
            try {
                files.add(Files.readSymbolicLink(Path.of("/proc/self/fd", fd)).toString());
            } catch (IOException e) {
                // It was closed meanwhile.
                continue;
            }
        }
        return files.stream();
    }
}

package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Screens;
import dev.berth.config.BodiesConfig;
import dev.berth.config.SessionsConfig;
import dev.berth.extension.Extensions;
import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeLauncher;
import dev.berth.fake.FakeProfiles;
import dev.berth.fake.FakeQueue;
import dev.berth.fake.FakeRecorders;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.fake.PlainSession;
import dev.berth.logs.LogShipper;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.InitialPrompt;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.session.machine.SessionSpec;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The sessions of a node on fakes: what they need, and how a test talks to them. */
final class SessionRig {
    static final int IDLE_MILLIS = 60_000;
    static final int LIFETIME_MILLIS = 3_600_000;
    static final int QUEUE_MILLIS = 30_000;
    static final long USER = 7;
    private static final long POLL_NANOS = 200_000;

    final HandScheduler clock = new HandScheduler();
    final FakeLauncher launcher = new FakeLauncher();
    final Screens screens = new Screens();
    final FakeHistory history = new FakeHistory();
    final FakeQueue queue;
    final FakeStore store = new FakeStore();
    final FakeProfiles profiles = new FakeProfiles();
    final FakeRecorders recorders = new FakeRecorders();
    /** What is awaited before a session is told to live. */
    volatile Future<Void> confirmed = Future.succeededFuture();

    final Vertx vertx;
    final SessionClient client;
    /** The node that has more room. */
    volatile Optional<String> elsewhere = Optional.empty();

    /** The folder of the logs of live sessions. */
    final Path logs;

    SessionRig(Vertx vertx) throws IOException {
        this.vertx = vertx;
        this.logs = Files.createTempDirectory(Path.of("target"), "session-rig");
        RecordCodec.registerAll(vertx);
        this.client = new SessionClient(vertx);
        this.queue = new FakeQueue(vertx, history, clock, "node");
    }

    /** @param max how many sessions run at the same time; two may wait, and a user may have three */
    SessionServices services(int max) {
        return new SessionServices(
                clock,
                new SessionServices.Node("node", () -> confirmed, () -> elsewhere, () -> elsewhere),
                new SessionsConfig(
                        max, "", 3, 2, QUEUE_MILLIS, IDLE_MILLIS, LIFETIME_MILLIS, 10_000, LIFETIME_MILLIS, 0, 0, 0),
                16 << 20,
                new BodiesConfig(List.of(Pattern.compile("secret")), List.of("secret")),
                launcher,
                screens,
                store,
                profiles,
                new Extensions(vertx, null, null, null),
                new LogShipper(vertx, clock, store, history.chunkRows, logs, new NodeMetrics().capture()),
                new SessionServices.Rows(
                        history.claims,
                        history.sessions,
                        history.lostSessions,
                        queue,
                        history.actionRows,
                        history.artifactRows,
                        history.objects,
                        history.reports),
                new SessionServices.Videos(
                        recorders,
                        new RecordingFolders(vertx, Path.of("target", "session-rig")),
                        new PointerDrawing(vertx)),
                new NodeMetrics());
    }

    static SessionOptions options() {
        return SessionOptions.builder()
                .timeouts(new SessionTimeouts(IDLE_MILLIS, LIFETIME_MILLIS, 10_000))
                .build();
    }

    CreateSession request(long user) {
        return new CreateSession(SessionId.random(), user, Optional.empty(), options(), Map.of(), Optional.empty());
    }

    private SessionSpec spec(Optional<InitialPrompt> prompt, SessionOptions options) {
        Instant now = clock.now();
        return PlainSession.spec(
                new CreateSession(
                        SessionId.random(), USER, prompt.map(InitialPrompt::text), options, Map.of(), Optional.empty()),
                now,
                now.plus(Duration.ofMillis(LIFETIME_MILLIS)));
    }

    /** A session at its address. */
    final class Session {
        final SessionId id;
        final SessionVerticle verticle;
        private final String deployment;

        private Session(Optional<InitialPrompt> prompt, SessionOptions options) throws Exception {
            SessionSpec spec = spec(prompt, options);
            id = spec.id();
            verticle = new SessionVerticle(spec, services(1), true, Optional.empty());
            deployment = await(vertx.deployVerticle(verticle));
        }

        <R extends SessionReply> Future<R> ask(SessionCommand<R> command) {
            return client.ask(id, command);
        }

        SessionDescription describe() throws Exception {
            return await(ask(new DescribeSession()));
        }

        /** Makes round trips to the session until it has this status. */
        void awaitStatus(SessionStatus status) throws Exception {
            await(() -> {
                try {
                    return describe().status() == status;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }

        /** Waits until everything that was sent to the session before is done. */
        void settle() throws Exception {
            for (int i = 0; i < 5; i++) {
                describe();
            }
        }

        void undeploy() throws Exception {
            await(vertx.undeploy(deployment));
        }
    }

    Session session() throws Exception {
        return session(options());
    }

    Session session(SessionOptions options) throws Exception {
        return new Session(Optional.empty(), options);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Turns the clock on by halves of a second, each once the node has done what was due. */
    void advanceUntil(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            clock.advance(500);
            await(client.describe("node"));
        }
    }

    static Throwable failure(Future<?> future) throws Exception {
        try {
            await(future);
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}

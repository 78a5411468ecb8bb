package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.agent.AgentVerticle.AgentServices;
import dev.berth.agent.machine.Replay;
import dev.berth.agent.model.Model;
import dev.berth.agent.model.Prompt;
import dev.berth.fake.Futures;
import dev.berth.fake.HandScheduler;
import dev.berth.fake.SampleTask;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.AgentClient;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AgentVerticleTest {

    private final HandScheduler scheduler = new HandScheduler();
    private final Claims history = new Claims();
    private volatile Future<Void> confirmed = Future.succeededFuture();
    private Vertx vertx;
    private String deployment;

    /** A node whose tasks all wait for a place. */
    @BeforeEach
    void deploy(Vertx testVertx) throws Exception {
        vertx = testVertx;
        RecordCodec.registerAll(vertx);
        deployment = Futures.await(vertx.deployVerticle(new AgentVerticle(new AgentServices(
                scheduler,
                "node",
                new Silent(),
                0,
                history,
                key -> Future.failedFuture("none"),
                () -> false,
                () -> confirmed,
                new NodeMetrics().ai()))));
    }

    /** Its row may be there all the same, and must not say for ever that it runs. */
    @Test
    void aTaskWhoseClaimFailedIsNotTakenForARunningOne() throws Exception {
        TaskId id = TaskId.random();
        Future<TaskView> asked = new AgentClient(vertx)
                .execute(new ExecuteTask(id, 1, SampleTask.SPEC, Optional.empty(), SampleTask.OPTIONS));
        Promise<TaskView> claim = history.claims.poll(10, TimeUnit.SECONDS);
        scheduler.advance(60_000);
        assertThat(history.corrected.poll()).containsExactly(id);
        claim.fail(new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer"));
        assertThatThrownBy(() -> Futures.await(asked)).hasMessageContaining("Postgres does not answer");
        scheduler.advance(60_000);
        assertThat(history.corrected.poll()).isEmpty();
    }

    /** Another node may have told that it failed. */
    @Test
    void whereItsNodeWasDeclaredLostNothingIsToldOfATask() throws Exception {
        TaskId id = TaskId.random();
        AgentClient client = new AgentClient(vertx);
        ExecuteTask request = new ExecuteTask(id, 1, SampleTask.SPEC, Optional.empty(), SampleTask.OPTIONS);
        Future<TaskView> asked = client.execute(request);
        history.grant();
        assertThat(Futures.await(asked).status()).isEqualTo(TaskStatus.PENDING);
        confirmed = Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "it was declared lost"));
        for (Supplier<Future<TaskView>> command : List.<Supplier<Future<TaskView>>>of(
                () -> client.describe(id),
                () -> client.cancel(id),
                () -> client.answer(id, "42"),
                () -> client.execute(request))) {
            assertThatThrownBy(() -> Futures.await(command.get()))
                    .hasRootCauseInstanceOf(BerthException.class)
                    .hasRootCauseMessage("it was declared lost");
        }
        confirmed = Future.succeededFuture();
        assertThat(Futures.await(client.describe(id)).status()).isEqualTo(TaskStatus.PENDING);
    }

    /** Otherwise its row, which comes later, would say for ever that it starts. */
    @Test
    void aTaskThatIsBeingRecordedAtTheEndIsRecordedAsCancelledAfterwards() throws Exception {
        new AgentClient(vertx)
                .execute(new ExecuteTask(TaskId.random(), 1, SampleTask.SPEC, Optional.empty(), SampleTask.OPTIONS));
        Promise<TaskView> claim = history.claims.poll(10, TimeUnit.SECONDS);
        Future<?> stopped = vertx.undeploy(deployment);
        assertThat(history.changed).isEmpty();
        claim.complete(history.firsts.take());
        Futures.await(stopped);
        assertThat(history.changed).extracting(TaskView::status).containsExactly(TaskStatus.CANCELLED);
        assertThat(history.changedBeforeClaims).isFalse();
    }

    private static final class Claims implements TaskHistory {
        private final List<TaskView> changed = new CopyOnWriteArrayList<>();
        private volatile boolean changedBeforeClaims;
        private volatile Promise<TaskView> latest;
        private final BlockingQueue<Promise<TaskView>> claims = new LinkedBlockingQueue<>();
        private final BlockingQueue<TaskView> firsts = new LinkedBlockingQueue<>();
        private final BlockingQueue<Collection<TaskId>> corrected = new LinkedBlockingQueue<>();

        void grant() throws InterruptedException {
            claims.poll(10, TimeUnit.SECONDS).complete(firsts.take());
        }

        @Override
        public Future<TaskView> started(ExecuteTask request, TaskView first) {
            Promise<TaskView> claim = Promise.promise();
            latest = claim;
            firsts.add(first);
            claims.add(claim);
            return claim.future();
        }

        @Override
        public Future<Integer> correct(Instant at, Collection<TaskId> run) {
            corrected.add(run);
            return Future.succeededFuture(0);
        }

        @Override
        public Future<Void> changed(TaskView task) {
            changed.add(task);
            changedBeforeClaims |= !latest.future().isComplete();
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> step(TaskId id, TaskStep step) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Optional<Replay>> replay(ExecuteTask request) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Void> keep(ExecuteTask request, Replay steps) {
            return Future.succeededFuture();
        }
    }

    private static final class Silent implements Model {
        @Override
        public Model.Asking ask(Prompt prompt, double maxUsd) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cost most(Prompt prompt) {
            return Cost.NONE;
        }

        @Override
        public boolean sees() {
            return false;
        }

        @Override
        public String name() {
            return "silent";
        }
    }
}

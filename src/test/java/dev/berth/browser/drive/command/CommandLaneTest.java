package dev.berth.browser.drive.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Deadline;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class CommandLaneTest {
    private static final int SESSIONS = 51;

    private final CountDownLatch released = new CountDownLatch(1);
    private Vertx vertx;
    private CommandThreads threads;

    @BeforeEach
    void make(Vertx made) {
        vertx = made;
        threads = new CommandThreads(SESSIONS);
    }

    @AfterEach
    void end() {
        released.countDown();
        threads.close();
    }

    private static Deadline far() {
        return new Deadline(60_000);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) throws Exception {
        try {
            get(future);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    private Void hang() throws InterruptedException {
        released.await();
        return null;
    }

    /** Starts calls that hang, each in a lane of its own. */
    private List<CommandLane> hangAll(CommandThreads on, int count) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(count);
        List<CommandLane> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CommandLane lane = new CommandLane(vertx, on);
            lane.run(
                    () -> {
                        running.countDown();
                        return hang();
                    },
                    far());
            lanes.add(lane);
        }
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        return lanes;
    }

    @Test
    void fiftyHangingSessionsDelayNoOther() throws Exception {
        hangAll(threads, SESSIONS - 1);
        CommandLane other = new CommandLane(vertx, threads);
        for (int i = 0; i < 10; i++) {
            assertThat(get(other.run(() -> "done", far()).result())).isEqualTo("done");
        }
    }

    @Test
    void aSessionUsesOneThreadHoweverManyCallsItQueues() throws Exception {
        CommandThreads two = new CommandThreads(2);
        CommandLane hanging = hangAll(two, 1).get(0);
        for (int i = 0; i < 100; i++) {
            hanging.run(this::hang, far());
        }
        CommandLane other = new CommandLane(vertx, two);
        assertThat(get(other.run(() -> "done", far()).result())).isEqualTo("done");
        hanging.close();
        two.close();
    }

    @Test
    void aThreadThatCannotBeStartedFailsOneCallOnly() throws Exception {
        Queue<OutOfMemoryError> errors = new ConcurrentLinkedQueue<>(List.of(new OutOfMemoryError("no native thread")));
        CommandThreads one = new CommandThreads(1, task -> {
            OutOfMemoryError error = errors.poll();
            if (error != null) {
                throw error;
            }
            return new Thread(task);
        });
        CommandLane lane = new CommandLane(vertx, one);
        assertThat(failure(lane.run(() -> "not run", far()).result())).isInstanceOf(BerthException.class);
        assertThat(lane.waiting()).isZero();
        assertThat(get(lane.run(() -> "run", new Deadline(10_000)).result())).isEqualTo("run");
        one.close();
    }

    @Test
    void theCallsOfASessionRunInOrderAndOneAtATime() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        CommandLane lane = new CommandLane(vertx, threads);
        List<Future<Integer>> all = IntStream.range(0, 200)
                .mapToObj(i -> lane.run(
                                () -> {
                                    int running = atOnce.incrementAndGet();
                                    order.add(i);
                                    atOnce.decrementAndGet();
                                    return running;
                                },
                                far())
                        .result())
                .toList();
        assertThat(get(Future.all(all)).<Integer>list()).containsOnly(1);
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    }

    @Test
    void ifAllThreadsAreBusyLanesTakeTurns() throws Exception {
        CommandThreads one = new CommandThreads(1);
        CommandLane hanging = hangAll(one, 1).get(0);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        List<Future<Boolean>> all = new ArrayList<>();
        CommandLane first = new CommandLane(vertx, one);
        CommandLane second = new CommandLane(vertx, one);
        for (int i = 0; i < 3; i++) {
            all.add(first.run(() -> order.add("first"), far()).result());
            all.add(second.run(() -> order.add("second"), far()).result());
        }
        assertThat(order).isEmpty();
        hanging.close();
        get(Future.all(all));
        assertThat(order).containsExactly("first", "second", "first", "second", "first", "second");
        one.close();
    }

    @Test
    void aCallThatTakesTooLongIsInterruptedAndTheNextOneIsNot() throws Exception {
        CommandLane lane = new CommandLane(vertx, threads);
        Throwable late = failure(lane.run(this::hang, new Deadline(1)).result());
        assertThat(late)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(get(lane.run(() -> Thread.currentThread().isInterrupted(), far())
                        .result()))
                .isFalse();
    }

    @Test
    void aLateInterruptDoesNotHitTheNextSession() throws Exception {
        CommandThreads one = new CommandThreads(1);
        CommandLane lane = new CommandLane(vertx, one);
        CountDownLatch running = new CountDownLatch(1);
        CommandLane.Task<Void> task = lane.run(
                () -> {
                    running.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return null;
                },
                far());
        running.await();
        task.cancel();
        CommandLane other = new CommandLane(vertx, one);
        assertThat(get(other.run(() -> Thread.currentThread().isInterrupted(), far())
                        .result()))
                .isFalse();
        one.close();
    }

    @Test
    void aCallThatIsCancelledBeforeItsTurnNeverRuns() throws Exception {
        CommandLane lane = hangAll(threads, 1).get(0);
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            lane.run(ran::incrementAndGet, far()).cancel();
        }
        assertThat(lane.waiting()).isZero();
        Future<Integer> after = lane.run(ran::get, far()).result();
        released.countDown();
        assertThat(get(after)).isZero();
    }

    @Test
    void aClosedLaneInterruptsItsCallAndRunsNoMore() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        CommandLane lane = new CommandLane(vertx, threads);
        lane.run(
                () -> {
                    running.countDown();
                    try {
                        return hang();
                    } finally {
                        interrupted.countDown();
                    }
                },
                far());
        running.await();
        lane.close();
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failure(lane.run(() -> "no", far()).result())).hasMessage("the browser is gone");
    }

    @Test
    void anErrorFailsItsOwnCallOnly() throws Exception {
        CommandLane lane = new CommandLane(vertx, threads);
        assertThat(failure(lane.run(
                                () -> {
                                    throw new StackOverflowError("on purpose");
                                },
                                far())
                        .result()))
                .hasMessage("on purpose");
        assertThat(get(lane.run(() -> "done", far()).result())).isEqualTo("done");
    }
}

package dev.berth.artifact;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a real spool, a bucket that answers when the test says, and a clock that is turned by hand. */
@ExtendWith(VertxExtension.class)
class UploadQueueTest {
    @TempDir
    private Path folder;

    private final HandScheduler clock = new HandScheduler();
    private final BlockingQueue<Try> tries = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> removed = new LinkedBlockingQueue<>();
    private Context context;
    private Spool spool;
    private UploadQueue queue;

    /** An upload that waits for the test. */
    private record Try(String key, Promise<Void> promise) {}

    @BeforeEach
    void make(Vertx vertx) throws Exception {
        spool = new Spool(vertx, folder);
        context = vertx.getOrCreateContext();
        queue = on(() -> new UploadQueue(vertx, clock, spool, new UploadQueue.Bucket() {
            @Override
            public Future<Void> upload(String key, Path file) {
                Try attempt = new Try(key, Promise.promise());
                tries.add(attempt);
                return attempt.promise.future();
            }

            @Override
            public Future<Void> remove(String key) {
                removed.add(key);
                return Future.succeededFuture();
            }
        }));
    }

    private <T> T on(Callable<T> work) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return await(done.future());
    }

    private static String failure(Future<?> future) throws Exception {
        try {
            await(future);
            return "it did not fail";
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        }
    }

    private Future<Void> upload(String key) throws Exception {
        return upload(key, Future.succeededFuture());
    }

    private Future<Void> upload(String key, Future<Void> note) throws Exception {
        await(spool.write(key, Buffer.buffer("x")));
        return queue.upload(key, () -> note);
    }

    private Try next() throws InterruptedException {
        Try attempt = tries.poll(10, TimeUnit.SECONDS);
        assertThat(attempt).as("an upload").isNotNull();
        return attempt;
    }

    private void complete(Try attempt) throws Exception {
        on(() -> attempt.promise.tryComplete());
    }

    /** Gives when the retry is set. */
    private void fail(Try attempt) throws Exception {
        fail(attempt, 1);
    }

    /** @param resting how many uploads then wait for their next try */
    private void fail(Try attempt, int resting) throws Exception {
        on(() -> attempt.promise.tryFail("the store is away"));
        // It is told by another turn of the loop.
        on(() -> null);
        on(() -> null);
        assertThat(clock.timers()).isEqualTo(resting);
    }

    private boolean isSpooled(String key) {
        return Files.exists(spool.file(key));
    }

    @Test
    void anObjectLeavesTheSpoolWhenItIsStored() throws Exception {
        Future<Void> stored = upload("a");
        Try attempt = next();
        assertThat(isSpooled("a")).isTrue();
        complete(attempt);
        await(stored);
        assertThat(isSpooled("a")).isFalse();
    }

    @Test
    void oneThatFailsIsRetriedLaterUntilItIsThere() throws Exception {
        Future<Void> stored = upload("a");
        for (int i = 0; i < 3; i++) {
            fail(next());
            clock.advance(UploadQueue.RETRY_MILLIS - 1);
            assertThat(tries).isEmpty();
            clock.advance(1);
        }
        assertThat(isSpooled("a")).isTrue();
        complete(next());
        await(stored);
    }

    @Test
    void someAreUploadedAtOnceAndTheOthersInTheirOrder() throws Exception {
        Try first = null;
        for (int i = 0; i < UploadQueue.PARALLEL_UPLOADS; i++) {
            upload("a" + i);
            Try attempt = next();
            first = i == 0 ? attempt : first;
        }
        upload("b");
        upload("c");
        on(() -> null);
        assertThat(tries).isEmpty();
        complete(first);
        assertThat(next().key).isEqualTo("b");
    }

    @Test
    void uploadsThatNeverSucceedKeepNoPlaces() throws Exception {
        for (int i = 0; i < UploadQueue.PARALLEL_UPLOADS; i++) {
            upload("hopeless" + i);
        }
        for (int i = 0; i < UploadQueue.PARALLEL_UPLOADS; i++) {
            fail(next(), i + 1);
        }
        Future<Void> stored = upload("good");
        Try attempt = next();
        assertThat(attempt.key).isEqualTo("good");
        complete(attempt);
        await(stored);
    }

    @Test
    void whatIsRemovedBetweenTwoTriesIsNotTriedAgain() throws Exception {
        Future<Void> stored = upload("a");
        fail(next());
        queue.remove("a");
        assertThat(removed.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(failure(stored)).isEqualTo("it was removed");
        clock.advance(UploadQueue.RETRY_MILLIS);
        on(() -> null);
        assertThat(tries).isEmpty();
    }

    @Test
    void whatCannotBeNotedStaysInTheSpoolAndIsUploadedAgain() throws Exception {
        AtomicInteger notes = new AtomicInteger();
        await(spool.write("a", Buffer.buffer("x")));
        Future<Void> stored = queue.upload(
                "a",
                () -> notes.getAndIncrement() == 0
                        ? Future.failedFuture("Postgres is away")
                        : Future.succeededFuture());
        complete(next());
        while (clock.timers() == 0) {
            on(() -> null);
        }
        assertThat(isSpooled("a")).isTrue();
        assertThat(stored.isComplete()).isFalse();
        clock.advance(UploadQueue.RETRY_MILLIS);
        complete(next());
        await(stored);
        assertThat(notes).hasValue(2);
    }

    @Test
    void whatIsRemovedDuringItsUploadIsRemovedOnceMoreAfterwards() throws Exception {
        Future<Void> stored = upload("a");
        Try underWay = next();
        queue.remove("a");
        assertThat(removed.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(failure(stored)).isEqualTo("it was removed");
        complete(underWay);
        assertThat(removed.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(isSpooled("a")).isFalse();
        assertThat(clock.timers()).isZero();
    }

    @Test
    void afterTheCloseNothingIsTriedAndTheSpoolKeepsAll() throws Exception {
        Future<Void> stored = upload("a");
        Try underWay = next();
        await(queue.close());
        assertThat(failure(stored)).isEqualTo("the server is shutting down");
        on(() -> underWay.promise.tryFail("cut off"));
        on(() -> null);
        on(() -> null);
        assertThat(clock.timers()).isZero();
        assertThat(failure(upload("b"))).isEqualTo("the server is shutting down");
        assertThat(isSpooled("a")).isTrue();
        assertThat(isSpooled("b")).isTrue();
    }
}

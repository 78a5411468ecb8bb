package dev.berth.history.outbox;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.Fact;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class JournaledOutboxTest {
    private static final Throwable AWAY = new IllegalStateException("the connection was lost");

    @TempDir
    Path parent;

    private static final Throwable REFUSED = new PgException("no such session", "ERROR", "23503", "");
    private static final String BAD = "bad";
    private static final long PATIENCE_MILLIS = 60_000;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Integer> batches = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Telling> tellings = new LinkedBlockingQueue<>();
    private volatile Throwable failure;
    private Vertx vertx;
    private JournaledOutbox outbox;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        outbox = outbox();
        await(outbox.start());
    }

    @AfterEach
    void close() throws Exception {
        await(outbox.close());
    }

    private JournaledOutbox outbox() {
        return new JournaledOutbox(vertx, this::tell, journal(), PATIENCE_MILLIS);
    }

    private Journal journal() {
        return new Journal(parent.resolve("journal"), 1 << 20, 1 << 20);
    }

    /** Like a transaction: all or none. */
    private Future<Void> tell(List<Fact> facts) {
        batches.add(facts.size());
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        List<String> keys = facts.stream().map(JournaledOutboxTest::name).toList();
        if (keys.stream().anyMatch(key -> key.startsWith(BAD))) {
            return Future.failedFuture(REFUSED);
        }
        told.addAll(keys);
        return Future.succeededFuture();
    }

    private static String name(Fact fact) {
        return ((ObjectStored) fact).objectKey();
    }

    /** A write to Postgres that has no answer yet. */
    private record Telling(List<String> names, Promise<Void> promise) {}

    private Future<Void> write(String key) {
        return outbox.write(new ObjectStored(key, Optional.empty()));
    }

    private static Throwable failureOf(Future<?> future) throws Exception {
        return await(future.<Throwable>mapEmpty().recover(Future::succeededFuture));
    }

    private void awaitThat(BooleanSupplier wished) throws Exception {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setPeriodic(1, ignored -> {
            if (wished.getAsBoolean()) {
                promise.tryComplete();
            }
        });
        await(promise.future().onComplete(done -> vertx.cancelTimer(timer)));
    }

    private void awaitEmptyJournal() throws Exception {
        awaitThat(() -> parent.resolve("journal").toFile().list().length == 0);
    }

    @Test
    void writesToPostgresAtOnceWithoutTheDisk() throws Exception {
        await(write("a"));
        assertThat(told).containsExactly("a");
        assertThat(parent.resolve("journal")).isEmptyDirectory();
        assertThat(outbox.caughtUp().succeeded()).isTrue();
    }

    @Test
    void keepsWhatPostgresDoesNotTakeAndWritesItInOrderLater() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(write("b"));
        assertThat(told).isEmpty();
        assertThat(failureOf(outbox.caughtUp()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        failure = null;
        await(write("c"));
        await(caughtUpAtLast());
        assertThat(told).containsExactly("a", "b", "c");
        awaitEmptyJournal();
    }

    @Test
    void theNextProcessWritesWhatThisOneCouldNot() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(outbox.close());
        failure = null;
        outbox = outbox();
        await(outbox.start());
        assertThat(told).containsExactly("a");
    }

    /** As of Chromes that a node kills because it was declared lost: the next process would tell that they crashed. */
    @Test
    void whatComesAfterTheCloseIsNeitherWrittenNorKept() throws Exception {
        await(outbox.close());
        assertThat(failureOf(write("late"))).hasMessageContaining("shutting down");
        outbox = outbox();
        await(outbox.start());
        assertThat(told).isEmpty();
    }

    @Test
    void aRefusedFactFailsItsCallerAndBlocksNoOther() throws Exception {
        failure = new PgException("no such session", "ERROR", "23503", "");
        assertThat(failureOf(write("a"))).isEqualTo(failure);
        assertThat(parent.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void aFactThatIsRefusedLaterBlocksNoOther() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(write("bad-1"));
        await(write("b"));
        await(write("bad-2"));
        await(write("c"));
        failure = null;
        await(caughtUpAtLast());
        assertThat(told).containsExactly("a", "b", "c");
        awaitEmptyJournal();
    }

    @Test
    void writesInBatches() throws Exception {
        failure = AWAY;
        for (int i = 0; i < 300; i++) {
            await(write("fact-" + i));
        }
        batches.clear();
        failure = null;
        await(caughtUpAtLast());
        assertThat(told).hasSize(300).startsWith("fact-0", "fact-1").endsWith("fact-299");
        assertThat(batches).hasSizeLessThan(10);
    }

    /** Retries while Postgres is away. */
    private Future<Void> caughtUpAtLast() {
        return outbox.caughtUp().recover(e -> caughtUpAtLast());
    }

    /** An earlier process left {@code a}, which is being written to Postgres now. */
    private Telling openWhileTellingA(long patienceMillis) throws Exception {
        failure = AWAY;
        await(write("a"));
        await(outbox.close());
        outbox = new JournaledOutbox(
                vertx,
                facts -> {
                    List<String> names =
                            facts.stream().map(JournaledOutboxTest::name).toList();
                    Telling telling = new Telling(names, Promise.promise());
                    tellings.add(telling);
                    return telling.promise().future();
                },
                journal(),
                patienceMillis);
        outbox.start();
        return telling("a");
    }

    private Telling telling(String... names) throws Exception {
        Telling telling = tellings.poll(10, TimeUnit.SECONDS);
        assertThat(telling.names()).containsExactly(names);
        return telling;
    }

    @Test
    void factsThatArriveMeanwhileAreAwaitedAndSentTogetherInOrder() throws Exception {
        Telling a = openWhileTellingA(PATIENCE_MILLIS);
        await(write("b"));
        await(write("c"));
        Future<Void> untilC = outbox.caughtUp();
        a.promise().complete();
        Telling rest = telling("b", "c");
        assertThat(untilC.isComplete()).isFalse();
        rest.promise().complete();
        await(untilC);
        assertThat(outbox.waiting()).isZero();
        assertThat(outbox.caughtUp().succeeded()).isTrue();
    }

    @Test
    void waitersDoNotWaitForLaterFacts() throws Exception {
        Telling a = openWhileTellingA(PATIENCE_MILLIS);
        Future<Void> untilA = outbox.caughtUp();
        await(write("b"));
        a.promise().complete();
        await(untilA);
        Telling b = telling("b");
        Future<Void> untilB = outbox.caughtUp();
        assertThat(untilB.isComplete()).isFalse();
        b.promise().complete();
        await(untilB);
    }

    @Test
    void aWaiterThatTimesOutIsToldThatPostgresIsTheCause() throws Exception {
        openWhileTellingA(1);
        assertThat(failureOf(outbox.caughtUp())).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e.getMessage()).contains("Postgres");
        });
    }

    @Test
    void waitersFailAtTheClose() throws Exception {
        openWhileTellingA(PATIENCE_MILLIS);
        Future<Void> waiting = outbox.caughtUp();
        await(outbox.close());
        assertThat(failureOf(waiting)).hasRootCauseMessage("the server is shutting down");
        assertThat(failureOf(outbox.caughtUp())).hasRootCauseMessage("the server is shutting down");
    }

    @Test
    void waitersFailIfTheDiskFailsAndNothingIsLost() throws Exception {
        Telling a = openWhileTellingA(PATIENCE_MILLIS);
        Future<Void> untilA = outbox.caughtUp();
        await(write("b"));
        Future<Void> untilB = outbox.caughtUp();
        // What is missing can't be removed.
        Path left = parent.resolve("journal/000000000000.facts");
        Path elsewhere = Files.move(left, parent.resolve("elsewhere"));
        a.promise().complete();
        await(untilA);
        assertThat(failureOf(untilB)).hasRootCauseInstanceOf(NoSuchFileException.class);
        Files.move(elsewhere, left);
        Future<Void> again = caughtUpAtLast();
        telling("b").promise().complete();
        await(again);
    }

    @Test
    void aFactThatNeitherPostgresNorTheDiskTakesFails() throws Exception {
        failure = AWAY;
        Files.delete(parent.resolve("journal"));
        assertThat(failureOf(write("a"))).isNotNull();
        Files.createDirectory(parent.resolve("journal"));
        await(write("b"));
        failure = null;
        await(caughtUpAtLast());
        assertThat(told).containsExactly("b");
    }
}

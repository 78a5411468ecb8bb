package dev.berth.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.Fact.ObjectStored;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class OutboxTest {
    private static final Throwable AWAY = new IllegalStateException("the connection was lost");

    @TempDir
    Path parent;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile Throwable failure;
    private Vertx vertx;
    private Outbox outbox;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        outbox = outbox(10);
        await(outbox.start());
    }

    @AfterEach
    void close() throws Exception {
        await(outbox.close());
    }

    private Outbox outbox(int maxFacts) {
        return new Outbox(vertx, this::tell, new Journal(parent.resolve("journal"), maxFacts, 1 << 20));
    }

    private Future<Void> tell(Fact fact) {
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        told.add(((ObjectStored) fact).objectKey());
        return Future.succeededFuture();
    }

    private Future<Void> write(String key) {
        return outbox.write(new ObjectStored(key));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Throwable failureOf(Future<?> future) throws Exception {
        return await(future.<Throwable>mapEmpty().recover(Future::succeededFuture));
    }

    @Test
    void tellsPostgresAtOnceAndLeavesTheDiskAlone() throws Exception {
        await(write("a"));
        assertThat(told).containsExactly("a");
        assertThat(parent.resolve("journal")).isEmptyDirectory();
        assertThat(outbox.caughtUp().succeeded()).isTrue();
    }

    @Test
    void keepsWhatPostgresDoesNotTakeAndTellsItInItsOrderLater() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(write("b"));
        assertThat(told).isEmpty();
        assertThat(failureOf(outbox.caughtUp()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        failure = null;
        await(write("c"));
        await(outbox.caughtUp());
        assertThat(told).containsExactly("a", "b", "c");
        assertThat(parent.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void theNextProcessTellsWhatThisOneCouldNot() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(outbox.close());
        failure = null;
        outbox = outbox(10);
        await(outbox.start());
        assertThat(told).containsExactly("a");
    }

    @Test
    void whatPostgresRefusesIsTheTellersAndHoldsNobodyUp() throws Exception {
        failure = new PgException("no such session", "ERROR", "23503", "");
        assertThat(failureOf(write("a"))).isEqualTo(failure);
        assertThat(parent.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void whatPostgresRefusesLaterDoesNotHoldUpTheRest() throws Exception {
        failure = AWAY;
        await(write("a"));
        await(write("b"));
        outbox.close();
        outbox = new Outbox(
                vertx,
                fact -> ((ObjectStored) fact).objectKey().equals("a")
                        ? Future.failedFuture(new PgException("no such session", "ERROR", "23503", ""))
                        : tell(fact),
                new Journal(parent.resolve("journal"), 10, 1 << 20));
        failure = null;
        await(outbox.start());
        assertThat(told).containsExactly("b");
    }

    @Test
    void aShutdownOfPostgresIsNoRefusal() throws Exception {
        failure = new PgException("terminating connection due to administrator command", "FATAL", "57P01", "");
        await(write("a"));
        failure = null;
        await(outbox.caughtUp());
        assertThat(told).containsExactly("a");
    }

    @Test
    void whatNeitherPostgresNorTheDiskTakesIsNotSafe() throws Exception {
        failure = AWAY;
        Files.delete(parent.resolve("journal"));
        assertThat(failureOf(write("a"))).isNotNull();
        Files.createDirectory(parent.resolve("journal"));
        await(write("b"));
        failure = null;
        await(outbox.caughtUp());
        assertThat(told).containsExactly("b");
    }
}

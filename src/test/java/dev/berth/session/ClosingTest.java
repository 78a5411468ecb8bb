package dev.berth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.SessionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ClosingTest {
    private static final long LONG = 60_000;

    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Boolean> onContext = new ConcurrentLinkedQueue<>();
    private Context context;

    @BeforeEach
    void takeAContext(Vertx vertx) {
        context = vertx.getOrCreateContext();
    }

    private void close(Vertx vertx, Supplier<Future<?>> second, long secondMillis) throws Exception {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(ignored -> new Closing(vertx, SessionId.random())
                .then("the first", LONG, () -> note("first", Future.succeededFuture()))
                .then("the second", secondMillis, () -> note("second", second.get()))
                .then("the third", LONG, () -> note("third", Future.succeededFuture()))
                .over()
                .onComplete(over -> {
                    note("over", Future.succeededFuture());
                    closed.complete();
                }));
        closed.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(taken).containsExactly("first", "second", "third", "over");
        assertThat(onContext).containsOnly(true);
    }

    private <T> Future<T> note(String step, Future<T> result) {
        taken.add(step);
        onContext.add(io.vertx.core.Vertx.currentContext() == context);
        return result;
    }

    @Test
    void takesItsStepsInOrder(Vertx vertx) throws Exception {
        close(vertx, Future::succeededFuture, LONG);
    }

    @Test
    void goesOnAfterAStepThatFails(Vertx vertx) throws Exception {
        close(vertx, () -> Future.failedFuture("the store is away"), LONG);
    }

    @Test
    void goesOnAfterAStepThatThrows(Vertx vertx) throws Exception {
        Supplier<Future<?>> throwing = () -> {
            taken.add("second");
            onContext.add(true);
            throw new IllegalStateException("a step's own fault");
        };
        close(vertx, throwing, LONG);
    }

    @Test
    void goesOnAfterAStepThatHangs(Vertx vertx) throws Exception {
        close(vertx, () -> Promise.promise().future(), 20);
    }

    @Test
    void goesOnOnTheSessionsContextWhereAStepEndsElsewhere(Vertx vertx) throws Exception {
        close(
                vertx,
                () -> {
                    Promise<Void> elsewhere = Promise.promise();
                    new Thread(elsewhere::complete).start();
                    return Future.join(List.of(elsewhere.future()));
                },
                LONG);
    }
}

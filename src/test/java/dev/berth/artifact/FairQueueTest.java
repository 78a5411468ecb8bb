package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class FairQueueTest {
    private final List<String> begun = new ArrayList<>();
    private final Map<String, Promise<String>> works = new java.util.HashMap<>();

    private Future<String> work(String name) {
        begun.add(name);
        works.put(name, Promise.promise());
        return works.get(name).future();
    }

    @Test
    void usersTakeTurns(Vertx vertx, VertxTestContext test) {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(ignored -> {
            FairQueue queue = new FairQueue(vertx, 1, 10);
            for (int i = 0; i < 3; i++) {
                String name = "greedy " + i;
                queue.run(1, () -> work(name));
            }
            queue.run(2, () -> work("modest"));
            context.runOnContext(queued -> {
                works.get("greedy 0").complete("done");
                context.runOnContext(now -> context.runOnContext(next -> {
                    works.get("greedy 1").fail("no");
                    context.runOnContext(later -> context.runOnContext(last -> test.verify(() -> {
                        assertThat(begun).containsExactly("greedy 0", "greedy 1", "modest");
                        test.completeNow();
                    })));
                }));
            });
        });
    }

    @Test
    void theWaitingTasksOfAUserAreLimited(Vertx vertx, VertxTestContext test) {
        FairQueue queue = new FairQueue(vertx, 1, 2);
        for (int i = 0; i < 3; i++) {
            queue.run(1, () -> work("one"));
        }
        queue.run(1, () -> work("too many"))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(((BerthException) e).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
                    assertThat(begun).containsExactly("one");
                    test.completeNow();
                })));
    }

    @Test
    void aTaskThatThrowsGivesItsPlaceBack(Vertx vertx, VertxTestContext test) {
        FairQueue queue = new FairQueue(vertx, 1, 2);
        Future<String> thrown = queue.run(1, () -> {
            throw new IllegalStateException("no");
        });
        queue.run(1, () -> Future.succeededFuture("next"))
                .onComplete(test.succeeding(next -> test.verify(() -> {
                    assertThat(thrown.failed()).isTrue();
                    test.completeNow();
                })));
    }
}

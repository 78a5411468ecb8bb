package dev.berth.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class FairQueueTest {
    private final List<String> begun = new ArrayList<>();
    private final Map<String, Promise<String>> works = new HashMap<>();

    private static FairQueue<String> queue(int atOnce, int atOnceEach) {
        return new FairQueue<>(
                atOnce, atOnceEach, new CountLimit<>(new Bound(3, "3 of yours wait"), new Bound(4, "4 wait")));
    }

    private Future<String> run(FairQueue<String> queue, String holder, String name) {
        return queue.run(holder, () -> begin(name));
    }

    private Future<String> begin(String name) {
        begun.add(name);
        works.put(name, Promise.promise());
        return works.get(name).future();
    }

    private static void assertRefused(Future<String> work, String why) {
        assertThat(work.cause()).isInstanceOf(BerthException.class).hasMessage(why);
    }

    @Test
    void holdersTakeTurns() {
        FairQueue<String> queue = queue(1, 1);
        for (int i = 0; i < 4; i++) {
            run(queue, "greedy", "greedy " + i);
        }
        run(queue, "modest", "modest");
        works.get("greedy 0").complete("done");
        works.get("greedy 1").fail("no");
        works.get("modest").complete("done");
        assertThat(begun).containsExactly("greedy 0", "greedy 1", "modest", "greedy 2");
    }

    @Test
    void aHolderAtItsLimitHoldsUpNobody() {
        FairQueue<String> queue = queue(3, 2);
        for (int i = 0; i < 4; i++) {
            run(queue, "a", "a" + i);
        }
        Future<String> another = run(queue, "b", "b0");
        run(queue, "b", "b1");
        assertThat(begun).containsExactly("a0", "a1", "b0");
        works.get("b0").complete("done");
        assertThat(another.result()).isEqualTo("done");
        assertThat(begun).as("not a2, for which there was a place").endsWith("b1");
        works.get("b1").complete("done");
        assertThat(begun).as("the place stays free").endsWith("b1");
        works.get("a0").complete("done");
        assertThat(begun).endsWith("a2");
    }

    @Test
    void soManyOfAHolderAndInAllWait() {
        FairQueue<String> queue = queue(1, 1);
        for (int i = 0; i < 4; i++) {
            run(queue, "a", "a" + i);
        }
        assertRefused(run(queue, "a", "too many"), "3 of yours wait");
        run(queue, "b", "b0");
        assertRefused(run(queue, "b", "too many"), "4 wait");
        works.get("a0").complete("done");
        run(queue, "b", "b1");
        assertThat(begun).containsExactly("a0", "a1");
    }

    @Test
    void whatIsNotWantedAnyMoreGivesUpItsTurn() {
        FairQueue<String> queue = queue(1, 1);
        Promise<Void> unwanted = Promise.promise();
        run(queue, "a", "a0");
        Future<String> left = queue.run("a", () -> begin("a1"), unwanted.future());
        run(queue, "a", "a2");
        run(queue, "a", "a3");
        unwanted.complete();
        assertRefused(left, "it is no longer wanted");
        run(queue, "a", "has the place of a1 in the queue");
        works.get("a0").complete("done");
        assertThat(begun).containsExactly("a0", "a2");
    }

    @Test
    void workThatThrowsGivesItsPlaceBack() {
        FairQueue<String> queue = queue(1, 1);
        Future<String> thrown = queue.run("a", () -> {
            throw new IllegalStateException("no");
        });
        assertThat(thrown.cause()).hasMessage("no");
        run(queue, "a", "next");
        assertThat(begun).containsExactly("next");
    }

    @Test
    void whoseTurnComesTooLateIsNotBegun() {
        FairQueue<String> queue = new FairQueue<>(
                1,
                1,
                new CountLimit<>(1_000, "1,000 wait"),
                new FairQueue.Patience(0, new BerthException(ErrorCode.UNAVAILABLE, "busy")));
        run(queue, "a", "a0");
        List<Future<String>> late = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            late.add(run(queue, "a", "late"));
        }
        works.get("a0").complete("done");
        assertThat(begun).containsExactly("a0");
        late.forEach(one -> assertRefused(one, "busy"));
        run(queue, "a", "next");
        assertThat(begun).containsExactly("a0", "next");
    }

    @Test
    @ExtendWith(VertxExtension.class)
    void workRunsOnTheContextOfItsCaller(Vertx vertx, VertxTestContext test) {
        FairQueue<String> queue = queue(1, 1);
        Context mine = vertx.getOrCreateContext();
        run(queue, "a", "a0");
        mine.runOnContext(now -> {
            queue.run("a", () -> Future.succeededFuture(Vertx.currentContext()))
                    .onComplete(test.succeeding(ran -> test.verify(() -> {
                        assertThat(ran).isSameAs(mine);
                        assertThat(Vertx.currentContext()).isSameAs(mine);
                        test.completeNow();
                    })));
            vertx.runOnContext(later -> works.get("a0").complete("done"));
        });
    }
}

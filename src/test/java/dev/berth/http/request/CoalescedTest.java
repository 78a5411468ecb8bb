package dev.berth.http.request;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescedTest {
    private final List<Promise<String>> lookUps = new ArrayList<>();
    private final Coalesced<String, String> coalesced = new Coalesced<>(key -> {
        Promise<String> lookUp = Promise.promise();
        lookUps.add(lookUp);
        return lookUp.future();
    });

    @Test
    void callersDuringALookUpGetTheNextOne() {
        Future<String> first = coalesced.ask("k");
        Future<String> second = coalesced.ask("k");
        Future<String> third = coalesced.ask("k");
        assertThat(lookUps).hasSize(1);
        lookUps.get(0).complete("old");
        assertThat(first.result()).isEqualTo("old");
        assertThat(second.isComplete()).isFalse();
        assertThat(lookUps).hasSize(2);
        lookUps.get(1).complete("new");
        assertThat(second.result()).isEqualTo("new");
        assertThat(third.result()).isEqualTo("new");
    }

    @Test
    void aLookUpThatThrowsFailsForAllCallers() {
        Promise<String> first = Promise.promise();
        List<String> asked = new ArrayList<>();
        Coalesced<String, String> broken = new Coalesced<>(key -> {
            asked.add(key);
            if (asked.size() > 1) {
                throw new IllegalStateException("no");
            }
            return first.future();
        });
        broken.ask("k");
        Future<String> second = broken.ask("k");
        first.complete("old");
        assertThat(second.failed()).isTrue();
        assertThat(broken.ask("k").failed()).isTrue();
        assertThat(asked).hasSize(3);
    }

    @Test
    void otherKeysAreLookedUpAtOnce() {
        coalesced.ask("a");
        coalesced.ask("b");
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void aFailedLookUpDoesNotFailTheNext() {
        Future<String> first = coalesced.ask("k");
        Future<String> second = coalesced.ask("k");
        lookUps.get(0).fail("no");
        assertThat(first.failed()).isTrue();
        lookUps.get(1).complete("yes");
        assertThat(second.result()).isEqualTo("yes");
        assertThat(coalesced.ask("k").isComplete()).isFalse();
        assertThat(lookUps).hasSize(3);
    }

    @Test
    void resultsArriveOnEachCallersContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context first = ((VertxInternal) vertx).createEventLoopContext();
            Context second = ((VertxInternal) vertx).createEventLoopContext();
            Future<Context> heardByFirst = heard(first);
            Future<Context> heardBySecond = heard(second);
            await(askedBy(first));
            await(askedBy(second));
            // Completed on this thread, as by a third one.
            lookUps.get(0).complete("old");
            lookUps.get(1).complete("new");
            assertThat(await(heardByFirst)).isSameAs(first);
            assertThat(await(heardBySecond)).isSameAs(second);
        } finally {
            await(vertx.close());
        }
    }

    private Future<Context> heard(Context caller) {
        Promise<Context> heard = Promise.promise();
        caller.runOnContext(ignored -> coalesced.ask("k").onSuccess(answer -> heard.complete(Vertx.currentContext())));
        return heard.future();
    }

    /** Completes after the tasks that the caller's context had before. */
    private static Future<Void> askedBy(Context caller) {
        Promise<Void> done = Promise.promise();
        caller.runOnContext(ignored -> done.complete());
        return done.future();
    }
}

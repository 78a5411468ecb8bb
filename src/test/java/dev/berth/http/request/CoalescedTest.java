package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
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
    void whoAsksMeanwhileIsAnsweredByTheNextLookUp() {
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
    void aLookUpThatCannotEvenBeginFailsForAllWhoWait() {
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
    void otherQuestionsAreAskedAtOnce() {
        coalesced.ask("a");
        coalesced.ask("b");
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void oneThatFailsDoesNotFailTheNext() {
        Future<String> first = coalesced.ask("k");
        Future<String> second = coalesced.ask("k");
        lookUps.get(0).fail("no");
        assertThat(first.failed()).isTrue();
        lookUps.get(1).complete("yes");
        assertThat(second.result()).isEqualTo("yes");
        assertThat(coalesced.ask("k").isComplete()).isFalse();
        assertThat(lookUps).hasSize(3);
    }
}

package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AwaitedAnswersTest {
    private final HandScheduler clock = new HandScheduler();
    private final Set<String> apart = new HashSet<>();
    private int process = 1;
    private final AwaitedAnswers answers =
            AwaitedAnswers.start(clock, node -> apart.contains(node) ? Optional.empty() : Optional.of(node + process));
    private final Promise<String> owed = Promise.promise();
    private final Future<String> awaited = answers.of("a", owed.future());

    /** In steps, as timers would run. */
    private void lets(long millis) throws InterruptedException {
        for (long past = 0; past < millis; past += 500) {
            clock.advance(500);
        }
    }

    @Test
    void anAnswerIsGivenHoweverLongItTakes() throws InterruptedException {
        apart.add("b");
        lets(600_000);
        assertThat(awaited.isComplete()).isFalse();
        owed.complete("it");
        assertThat(awaited.result()).isEqualTo("it");
        assertThat(answers.of("a", Future.failedFuture("no")).cause()).hasMessage("no");
    }

    @Test
    void whereItsNodeIsOutOfReachItIsGivenUp() throws InterruptedException {
        Future<String> other = answers.of("b", Promise.<String>promise().future());
        lets(3_000);
        apart.add("a");
        lets(AwaitedAnswers.APART_MILLIS);
        assertThat(awaited.isComplete()).isFalse();
        lets(2_000);
        assertThat(awaited.cause())
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
        assertThat(other.isComplete()).isFalse();
        // Nobody is told twice.
        owed.complete("too late");
    }

    @Test
    void aNodeThatIsBackStillAnswers() throws InterruptedException {
        for (int times = 0; times < 5; times++) {
            apart.add("a");
            lets(AwaitedAnswers.APART_MILLIS - 1_000);
            apart.clear();
            lets(1_000);
        }
        owed.complete("it");
        assertThat(awaited.result()).isEqualTo("it");
    }

    @Test
    void whereItsNodeBeganAnewItIsGivenUp() throws InterruptedException {
        apart.add("a");
        lets(2_000);
        apart.clear();
        process = 2;
        lets(1_000);
        assertThat(awaited.failed()).isTrue();
        Future<String> ofTheNext = answers.of("a", owed.future());
        lets(60_000);
        assertThat(ofTheNext.isComplete()).isFalse();
    }

    @Test
    void nobodyLooksAfterTheClose() throws InterruptedException {
        answers.close();
        apart.add("a");
        lets(60_000);
        assertThat(awaited.isComplete()).isFalse();
    }
}

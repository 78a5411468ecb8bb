package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandstillTest {
    private static final long LONG_MILLIS = TimeUnit.NANOSECONDS.toMillis(Standstill.NANOS);
    private static final Throwable LOST = new IllegalStateException("lost");

    private final HandScheduler clock = new HandScheduler();
    private final List<Promise<Void>> tries = new ArrayList<>();
    private final Standstill standstill = new Standstill(clock::nanos, clock::after, this::attempt);

    private Future<?> attempt() {
        Promise<Void> answer = Promise.promise();
        tries.add(answer);
        return answer.future();
    }

    @Test
    void whoAsksInTimeIsAnsweredAtOnceAndTriesNothing() throws Exception {
        clock.advance(LONG_MILLIS - 1);
        assertThat(standstill.confirmed().succeeded()).isTrue();
        assertThat(tries).isEmpty();
    }

    @Test
    void aTryThatIsOnItsWayInTimeLetsNobodyWait() throws Exception {
        standstill.attempt();
        clock.advance(LONG_MILLIS - 1);
        assertThat(standstill.confirmed().succeeded()).isTrue();
        assertThat(tries).hasSize(1);
    }

    @Test
    void allWhoAskAfterAStandstillWaitForOneTry() throws Exception {
        clock.advance(LONG_MILLIS);
        List<Future<Void>> asked = List.of(standstill.confirmed(), standstill.confirmed());
        assertThat(tries).hasSize(1);
        assertThat(asked).noneMatch(Future::isComplete);
        tries.get(0).complete();
        assertThat(asked).allMatch(Future::succeeded);
        assertThat(standstill.confirmed().succeeded()).isTrue();
        assertThat(tries).hasSize(1);
    }

    /** The timer of the next beat may fire first. */
    @Test
    void whoAsksAfterTheFirstBeatSinceAStandstillWaitsForThatBeat() throws Exception {
        clock.advance(LONG_MILLIS);
        standstill.attempt();
        standstill.attempt();
        Future<Void> asked = standstill.confirmed();
        assertThat(tries).hasSize(2);
        tries.get(1).complete();
        assertThat(asked.isComplete()).isFalse();
        tries.get(0).complete();
        assertThat(asked.succeeded()).isTrue();
    }

    @Test
    void nobodyWaitsLongForATryWithoutAnAnswer() throws Exception {
        clock.advance(LONG_MILLIS);
        Future<Void> asked = standstill.confirmed();
        clock.advance(Standstill.PATIENCE_MILLIS - 1);
        assertThat(asked.isComplete()).isFalse();
        clock.advance(1);
        assertThat(asked.succeeded()).isTrue();
    }

    /** While Postgres is away, sessions go on. */
    @Test
    void nobodyWaitsAfterATryThatFailed() throws Exception {
        clock.advance(LONG_MILLIS);
        Future<Void> asked = standstill.confirmed();
        tries.get(0).fail("Postgres is away");
        assertThat(asked.succeeded()).isTrue();
        clock.advance(1_000);
        assertThat(standstill.confirmed().succeeded()).isTrue();
        assertThat(tries).hasSize(1);
    }

    @Test
    void aNodeThatIsLostIsNeverConfirmed() throws Exception {
        clock.advance(LONG_MILLIS);
        Future<Void> asked = standstill.confirmed();
        standstill.lose(LOST);
        tries.get(0).complete();
        assertThat(asked.cause()).isEqualTo(LOST);
        clock.advance(LONG_MILLIS);
        assertThat(standstill.confirmed().cause()).isEqualTo(LOST);
    }
}

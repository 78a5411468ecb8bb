package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskSupport.AwaitNoHands;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class InputRestTest {
    private final HandScheduler clock = new HandScheduler();
    private final InputRest hands = new InputRest(clock);

    private Future<SessionReply.HandsRest> await() {
        return hands.await(new AwaitNoHands(5_000, 60_000));
    }

    private static SessionReply.HandsRest rest(boolean resting, long acts) {
        return new SessionReply.HandsRest(resting, acts);
    }

    @Test
    void whereNobodyActedNothingIsWaitedFor() {
        assertThat(await().result()).isEqualTo(rest(true, 0));
    }

    @Test
    void eachInputBeginsTheRestAnew() throws Exception {
        hands.acted();
        Future<SessionReply.HandsRest> resting = await();
        clock.advance(4_000);
        hands.acted();
        clock.advance(4_999);
        assertThat(resting.isComplete()).isFalse();
        clock.advance(1);
        assertThat(resting.result()).isEqualTo(rest(true, 2));
        assertThat(await().result()).isEqualTo(rest(true, 2));
    }

    @Test
    void itIsNotWaitedForLongerThanAsked() throws Exception {
        hands.acted();
        Future<SessionReply.HandsRest> resting = hands.await(new AwaitNoHands(5_000, 3_000));
        clock.advance(3_000);
        assertThat(resting.result()).isEqualTo(rest(false, 1));
        assertThat(clock.timers()).isZero();
    }
}

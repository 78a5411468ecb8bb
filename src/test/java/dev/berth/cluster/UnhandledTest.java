package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UnhandledTest {
    private static IllegalStateException failedTwice() {
        Promise<Void> one = Promise.promise();
        one.complete();
        try {
            one.fail("it is over");
            throw new AssertionError("a promise may be failed twice");
        } catch (IllegalStateException e) {
            return e;
        }
    }

    /** As on a thread of Netty's. */
    private static <T extends Throwable> T withoutOurs(T thrown) {
        thrown.setStackTrace(Arrays.stream(thrown.getStackTrace())
                .filter(frame -> !frame.getClassName().startsWith("dev.berth."))
                .toArray(StackTraceElement[]::new));
        return thrown;
    }

    @Test
    void anEventThatDoesNotReachASecondNodeIsNoError() {
        assertThat(Cluster.isOfTheBus(withoutOurs(failedTwice()))).isTrue();
    }

    @Test
    void aPromiseOfOursThatIsFailedTwiceIs() {
        assertThat(Cluster.isOfTheBus(failedTwice())).isFalse();
        assertThat(Cluster.isOfTheBus(withoutOurs(new IllegalStateException("another"))))
                .isFalse();
        assertThat(Cluster.isOfTheBus(new NullPointerException())).isFalse();
    }
}

package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.BerthException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyRatesTest {
    private final AtomicInteger nodes = new AtomicInteger(1);
    private final KeyRates rates = new KeyRates(nodes::get);

    private static ApiKey key(long id, int perSecond) {
        return new ApiKey(
                id,
                1,
                "ann",
                "ci",
                Role.USER,
                Optional.empty(),
                new KeyLimits(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(perSecond),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private long passed(ApiKey key, int asked) {
        return IntStream.range(0, asked)
                .filter(i -> rates.refusal(key).isEmpty())
                .count();
    }

    /** So few a second that none comes back while this runs. */
    @Test
    void aKeyMayAskSoOftenAndOthersAsBefore() {
        nodes.set(1_000);
        assertThat(passed(key(1, 10), 50)).isEqualTo(1);
        assertThat(passed(key(2, 10), 50)).isEqualTo(1);
        assertThat(passed(new ApiKey(3, 1, false), 50)).isEqualTo(50);
        BerthException refused = rates.refusal(key(1, 10)).orElseThrow();
        assertThat(refused).hasMessageStartingWith("limits.requestsPerSecond: 10; ");
        assertThat(refused.retrySeconds()).isEqualTo(1);
    }

    @Test
    void aNodeLetsItsShareThrough() {
        nodes.set(2);
        assertThat(passed(key(1, 1_000_000), 500_000)).isEqualTo(500_000);
        nodes.set(1);
        assertThat(passed(key(1, 1_000_000), 1_000_000)).isEqualTo(1_000_000);
    }
}

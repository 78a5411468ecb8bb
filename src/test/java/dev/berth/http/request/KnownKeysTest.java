package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.ApiKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private static final ByteBuffer CONFIGURED = ByteBuffer.wrap(new byte[] {1});
    private static final ByteBuffer OTHER = ByteBuffer.wrap(new byte[] {2});

    private final List<Runnable> timers = new ArrayList<>();
    private final KnownKeys keys = new KnownKeys((run, millis) -> timers.add(run), Optional.of(CONFIGURED));

    private void letTimePass() {
        List<Runnable> over = List.copyOf(timers);
        timers.clear();
        over.forEach(Runnable::run);
    }

    @Test
    void keysAreKnownForAWhileAndTheConfiguredOneForEver() {
        keys.found(CONFIGURED, new ApiKey(1, 1));
        keys.found(OTHER, new ApiKey(2, 1));
        keys.found(3);
        assertThat(keys.ids()).containsExactlyInAnyOrder(1L, 2L, 3L);
        letTimePass();
        assertThat(keys.ids()).containsExactly(1L);
        assertThat(keys.find(CONFIGURED)).isPresent();
        assertThat(keys.find(OTHER)).isEmpty();
    }

    @Test
    void theConfiguredKeyStaysThoughItWasFoundByItsIdFirst() {
        keys.found(1);
        assertThat(keys.isConfigured(1)).isFalse();
        keys.found(CONFIGURED, new ApiKey(1, 1));
        assertThat(keys.isConfigured(1)).isTrue();
        letTimePass();
        assertThat(keys.has(1)).isTrue();
    }

    @Test
    void whatIsTakenAwayIsForgotten() {
        keys.found(CONFIGURED, new ApiKey(1, 1));
        keys.found(OTHER, new ApiKey(2, 1));
        keys.forget(1);
        keys.forget(2);
        assertThat(keys.ids()).isEmpty();
        assertThat(keys.find(CONFIGURED)).isEmpty();
    }

    @Test
    void whatIsUnknownIsAskedForAgainSoon() {
        keys.notFound(OTHER);
        assertThat(keys.isUnknown(OTHER)).isTrue();
        letTimePass();
        assertThat(keys.isUnknown(OTHER)).isFalse();
    }
}

package dev.berth.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.ApiKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private static final ByteBuffer CONFIGURED = ByteBuffer.wrap(new byte[] {1});
    private static final ByteBuffer OTHER = ByteBuffer.wrap(new byte[] {2});

    private final List<Runnable> timers = Collections.synchronizedList(new ArrayList<>());
    private final KnownKeys keys = new KnownKeys((run, millis) -> timers.add(run), Optional.of(CONFIGURED));

    private void letTimePass() {
        List<Runnable> over = List.copyOf(timers);
        timers.clear();
        over.forEach(Runnable::run);
    }

    @Test
    void keysExpireAndTheConfiguredOneStays() {
        keys.found(CONFIGURED, new ApiKey(1, 1, false), keys.mark());
        keys.found(OTHER, new ApiKey(2, 1, false), keys.mark());
        keys.found(3, keys.mark());
        assertThat(keys.ids()).containsExactlyInAnyOrder(1L, 2L, 3L);
        letTimePass();
        assertThat(keys.ids()).containsExactly(1L);
        assertThat(keys.find(CONFIGURED)).isPresent();
        assertThat(keys.find(OTHER)).isEmpty();
    }

    @Test
    void theConfiguredKeyStaysThoughItWasFoundByItsIdFirst() {
        keys.found(1, keys.mark());
        assertThat(keys.isConfigured(1)).isFalse();
        keys.found(CONFIGURED, new ApiKey(1, 1, false), keys.mark());
        assertThat(keys.isConfigured(1)).isTrue();
        letTimePass();
        assertThat(keys.has(1)).isTrue();
    }

    @Test
    void aRevokedKeyIsForgotten() {
        keys.found(CONFIGURED, new ApiKey(1, 1, false), keys.mark());
        keys.found(OTHER, new ApiKey(2, 1, false), keys.mark());
        keys.forget(1);
        keys.forget(2);
        assertThat(keys.ids()).isEmpty();
        assertThat(keys.find(CONFIGURED)).isEmpty();
    }

    @Test
    void anUnknownKeyIsLookedUpAgainSoon() {
        keys.notFound(OTHER);
        assertThat(keys.isUnknown(OTHER)).isTrue();
        letTimePass();
        assertThat(keys.isUnknown(OTHER)).isFalse();
    }

    @Test
    void resultsThatOverlapARevocationAreNotCached() {
        long mark = keys.mark();
        keys.forget(7);
        keys.found(OTHER, new ApiKey(2, 1, false), mark);
        keys.found(3, mark);
        assertThat(keys.ids()).isEmpty();
        assertThat(keys.find(OTHER)).isEmpty();
    }

    /** One event loop revokes a key that another has just found. */
    @Test
    void aRevokedKeyIsCachedOnNoEventLoop() throws Exception {
        ExecutorService loops = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                CyclicBarrier together = new CyclicBarrier(2);
                long mark = keys.mark();
                Future<?> finds = loops.submit(() -> {
                    together.await();
                    keys.found(OTHER, new ApiKey(2, 1, false), mark);
                    keys.found(2, mark);
                    return null;
                });
                Future<?> forgets = loops.submit(() -> {
                    together.await();
                    keys.forget(2);
                    return null;
                });
                finds.get();
                forgets.get();
                assertThat(keys.has(2)).isFalse();
                assertThat(keys.find(OTHER)).isEmpty();
            }
        } finally {
            loops.shutdown();
        }
    }
}

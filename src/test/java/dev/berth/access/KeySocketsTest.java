package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySocketsTest {
    /** A key whose revocation was missed is still cached. */
    private final Set<Long> remembered = ConcurrentHashMap.newKeySet();

    private final Map<Long, Instant> expiry = new ConcurrentHashMap<>();
    private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
    private final KeySockets sockets = new KeySockets(id -> Future.succeededFuture(
            remembered.contains(id) ? Optional.of(expiry.getOrDefault(id, Instant.MAX)) : Optional.empty()));

    @BeforeEach
    void remember() {
        remembered.addAll(Set.of(1L, 2L));
    }

    @Test
    void theKeysOfOpenSocketsAreHeld() {
        Runnable closed = sockets.opened(1, () -> ended.add("one"));
        sockets.opened(2, () -> ended.add("two"));
        assertThat(sockets.held()).containsExactlyInAnyOrder(1L, 2L);
        closed.run();
        assertThat(sockets.held()).containsExactly(2L);
    }

    @Test
    void aSocketWhoseKeyIsAlreadyGoneEnds() {
        remembered.remove(1L);
        sockets.opened(1, () -> ended.add("one"));
        assertThat(ended).containsExactly("one");
    }

    @Test
    void theSocketsOfAKeyEndWhenItExpiresAndNoOthers() {
        Instant end = Instant.parse("2026-01-02T03:04:05Z");
        expiry.put(1L, end);
        sockets.opened(1, () -> ended.add("one"));
        sockets.opened(2, () -> ended.add("two"));
        sockets.endExpired(end.minusMillis(1));
        assertThat(ended).isEmpty();
        sockets.endExpired(end);
        assertThat(ended).containsExactly("one");
    }

    @Test
    void anExpiryThatIsChangedHoldsForOpenSockets() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        sockets.opened(1, () -> ended.add("one"));
        expiry.put(1L, now);
        sockets.endExpired(now);
        assertThat(ended).isEmpty();
        sockets.changed(1);
        sockets.endExpired(now);
        assertThat(ended).containsExactly("one");
    }

    @Test
    void aClosedSocketIsNotEndedAgain() {
        Runnable closed = sockets.opened(1, () -> ended.add("first"));
        sockets.opened(1, () -> ended.add("second"));
        closed.run();
        sockets.revoked(1);
        assertThat(ended).containsExactly("second");
    }

    /** One event loop opens a socket while another hears that its key is revoked. */
    @Test
    void aSocketThatOpensDuringTheRevocationOfItsKeyEnds() throws Exception {
        ExecutorService loops = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                remembered.add(1L);
                ended.clear();
                CyclicBarrier together = new CyclicBarrier(2);
                java.util.concurrent.Future<Runnable> opens = loops.submit(() -> {
                    together.await();
                    return sockets.opened(1, () -> ended.add("one"));
                });
                java.util.concurrent.Future<?> revokes = loops.submit(() -> {
                    together.await();
                    remembered.remove(1L);
                    sockets.revoked(1);
                    return null;
                });
                revokes.get();
                opens.get().run();
                assertThat(ended).contains("one");
            }
        } finally {
            loops.shutdown();
        }
    }
}

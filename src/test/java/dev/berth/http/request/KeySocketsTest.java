package dev.berth.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
    private final KeySockets sockets = new KeySockets(id -> Future.succeededFuture(remembered.contains(id)));

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

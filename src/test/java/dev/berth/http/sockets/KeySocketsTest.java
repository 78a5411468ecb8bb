package dev.berth.http.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.http.request.KeyReview;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeySocketsTest {
    private final Set<Long> inPostgres = new HashSet<>(Set.of(1L, 2L));
    /** As one that was taken away unheard is still known. */
    private final Set<Long> remembered = new HashSet<>(Set.of(1L, 2L));

    private final List<String> ended = new ArrayList<>();
    private final KeySockets sockets = new KeySockets(
            id -> Future.succeededFuture(remembered.contains(id)),
            (held, gone) -> new KeyReview(
                    ids -> Future.succeededFuture(
                            ids.stream().filter(inPostgres::contains).collect(Collectors.toSet())),
                    held,
                    id -> false,
                    gone,
                    rest -> {}));

    @Test
    void aKeyThatWasTakenAwayUnheardEndsItsSocketsAtTheNextReview() {
        sockets.opened(1, () -> ended.add("one"));
        sockets.opened(2, () -> ended.add("two"));
        inPostgres.remove(1L);
        sockets.review();
        assertThat(ended).containsExactly("one");
    }

    @Test
    void aKeyThatIsGoneWhenItsSocketOpensEndsIt() {
        remembered.remove(1L);
        sockets.opened(1, () -> ended.add("one"));
        assertThat(ended).containsExactly("one");
    }

    @Test
    void whatIsClosedIsEndedNoMore() {
        Runnable closed = sockets.opened(1, () -> ended.add("first"));
        sockets.opened(1, () -> ended.add("second"));
        closed.run();
        sockets.end(1);
        assertThat(ended).containsExactly("second");
    }
}

package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.Revocations.Listener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.Timeout;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(60_000)
class RevocationsTest {
    private final List<String> revoked = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();

    private Listener holder(String name, Set<Long> held) {
        return new Listener() {
            @Override
            public Set<Long> held() {
                return held;
            }

            @Override
            public void revoked(long id) {
                revoked.add(name + " " + id);
            }

            @Override
            public void changed(long id) {
                changed.add(name + " " + id);
            }
        };
    }

    @Test
    void whatIsHeldStaysValidUntilPostgresSaysThatItIsGone(Vertx vertx) {
        Promise<Set<Long>> there = Promise.promise();
        List<Collection<Long>> asked = new ArrayList<>();
        Revocations revocations = new Revocations(vertx, ids -> {
            asked.add(Set.copyOf(ids));
            return there.future();
        });
        revocations.listen(holder("cache", Set.of(1L, 2L)));
        revocations.listen(holder("sockets", Set.of(2L, 3L)));
        revocations.review();
        assertThat(asked).containsExactly(Set.of(1L, 2L, 3L));
        assertThat(revoked).isEmpty();
        there.complete(Set.of(1L, 3L));
        assertThat(revoked).containsExactly("cache 2", "sockets 2");
        assertThat(changed)
                .as("what may have been changed meanwhile")
                .containsExactlyInAnyOrder("cache 1", "sockets 1", "cache 3", "sockets 3");
    }

    @Test
    void aFailedReviewIsRepeated(Vertx vertx, VertxTestContext test) {
        List<Collection<Long>> asked = new ArrayList<>();
        Revocations revocations = new Revocations(vertx, ids -> {
            asked.add(Set.copyOf(ids));
            return asked.size() == 1 ? Future.failedFuture("Postgres is away") : Future.succeededFuture(Set.of());
        });
        revocations.listen(new Listener() {
            @Override
            public Set<Long> held() {
                return Set.of(1L);
            }

            @Override
            public void revoked(long id) {
                test.verify(() -> assertThat(asked).hasSize(2));
                test.completeNow();
            }
        });
        revocations.review();
    }
}

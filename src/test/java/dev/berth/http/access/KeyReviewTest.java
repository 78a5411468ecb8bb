package dev.berth.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyReviewTest {
    private static final long CONFIGURED = 99;

    private final List<Collection<Long>> asked = new ArrayList<>();
    private final List<Promise<Set<Long>>> answers = new ArrayList<>();
    private final Set<Long> known = new HashSet<>();
    private final List<Runnable> rests = new ArrayList<>();
    private final KeyReview review = new KeyReview(
            ids -> {
                asked.add(new TreeSet<>(ids));
                answers.add(Promise.promise());
                return answers.get(answers.size() - 1).future();
            },
            () -> Set.copyOf(known),
            id -> id == CONFIGURED,
            known::remove,
            rests::add);

    @Test
    void keysStayValidUntilPostgresSaysThatTheyAreGone() {
        known.addAll(Set.of(1L, 2L, 3L));
        review.begin();
        assertThat(known).containsExactlyInAnyOrder(1L, 2L, 3L);
        answers.get(0).complete(Set.of(1L, 3L));
        assertThat(known).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void theConfiguredKeyIsNeverChecked() {
        known.addAll(Set.of(1L, CONFIGURED));
        review.begin();
        assertThat(asked).containsExactly(Set.of(1L));
        answers.get(0).complete(Set.of());
        assertThat(known).containsExactly(CONFIGURED);
        review.begin();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFailedCheckIsRepeatedAfterAPause() {
        known.addAll(Set.of(1L, 2L));
        review.begin();
        answers.get(0).fail("Postgres is away");
        assertThat(known).containsExactlyInAnyOrder(1L, 2L);
        assertThat(asked).hasSize(1);
        rests.remove(0).run();
        assertThat(asked).containsExactly(Set.of(1L, 2L), Set.of(1L, 2L));
        answers.get(1).complete(Set.of(2L));
        assertThat(known).containsExactly(2L);
        assertThat(rests).isEmpty();
    }

    @Test
    void anotherReviewChecksPendingKeysAgain() {
        known.add(1L);
        review.begin();
        review.begin();
        assertThat(asked).hasSize(1);
        answers.get(0).complete(Set.of(1L));
        assertThat(asked).containsExactly(Set.of(1L), Set.of(1L));
        answers.get(1).complete(Set.of());
        assertThat(known).isEmpty();
    }

    @Test
    void manyKeysAreCheckedInBatches() {
        Set<Long> all = LongStream.range(1_000, 1_000 + 2 * KeyReview.MAX_BATCH + 1)
                .boxed()
                .collect(Collectors.toSet());
        known.addAll(all);
        review.begin();
        for (int i = 0; i < 3; i++) {
            assertThat(asked).hasSize(i + 1);
            answers.get(i).complete(Set.of());
        }
        assertThat(known).isEmpty();
        assertThat(asked).allMatch(batch -> batch.size() <= KeyReview.MAX_BATCH);
        assertThat(asked.stream().flatMap(Collection::stream)).containsExactlyInAnyOrderElementsOf(all);
    }
}

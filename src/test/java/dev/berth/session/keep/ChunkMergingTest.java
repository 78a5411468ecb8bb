package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkMergingTest {
    private final SealedChunks chunks = new SealedChunks();
    private final BlockingQueue<Merge> merges = new LinkedBlockingQueue<>();
    private final HandScheduler clock = new HandScheduler();
    private ChunkMerging merging;
    private long next;

    /** A merge that the test completes. */
    private record Merge(List<LogChunk> run, Promise<Optional<LogChunk>> promise) {
        LogChunk chunk() {
            int count = run.stream().mapToInt(LogChunk::count).sum();
            return new LogChunk("merged", run.get(0).firstOffset(), count);
        }

        void succeed() {
            promise.complete(Optional.of(chunk()));
        }

        void loseAnswer() {
            promise.fail("the connection was lost");
        }

        void refuse() {
            promise.complete(Optional.empty());
        }
    }

    @BeforeEach
    void make() {
        ChunkMerging.Merger merger = (id, kind, run) -> {
            Merge merge = new Merge(run, Promise.promise());
            merges.add(merge);
            return merge.promise().future();
        };
        merging = new ChunkMerging(clock, SessionId.random(), LogKind.CONSOLE, chunks, merger);
    }

    private void seal(int times) {
        for (int i = 0; i < times; i++) {
            chunks.add(new LogChunk("chunk-" + next, next, 1), 10);
            next++;
            merging.sealed();
        }
    }

    private Merge only() {
        assertThat(merges).hasSize(1);
        return merges.remove();
    }

    private List<LogChunk> all() {
        return chunks.overlapping(0, 1_000);
    }

    @Test
    void mergesOneRunAtATime() {
        seal(SealedChunks.RUN);
        Merge first = only();
        seal(2 * SealedChunks.RUN);
        assertThat(merges).isEmpty();
        first.succeed();
        assertThat(only().run()).isEqualTo(all().subList(1 + SealedChunks.RUN, 1 + 2 * SealedChunks.RUN));
        assertThat(all().get(0)).isEqualTo(first.chunk());
    }

    @Test
    void afterALostAnswerTheSameRunIsRetriedAtTheNextSeal() {
        seal(SealedChunks.RUN);
        Merge lost = only();
        seal(3);
        lost.loseAnswer();
        assertThat(all()).hasSize(SealedChunks.RUN + 3);
        seal(1);
        Merge again = only();
        assertThat(again.run()).isEqualTo(lost.run());
        again.succeed();
        assertThat(all()).hasSize(1 + 4).startsWith(again.chunk());
    }

    @Test
    void afterALostAnswerTheSameRunIsRetriedByTimer() throws Exception {
        seal(SealedChunks.RUN);
        Merge lost = only();
        lost.loseAnswer();
        clock.advance(ChunkMerging.RETRY_MILLIS - 1);
        assertThat(merges).isEmpty();
        clock.advance(1);
        Merge again = only();
        assertThat(again.run()).isEqualTo(lost.run());
    }

    @Test
    void aRefusedRunIsGivenUp() {
        seal(SealedChunks.RUN);
        Merge refused = only();
        refused.refuse();
        assertThat(all()).isEqualTo(refused.run());
        seal(SealedChunks.RUN);
        Merge next = only();
        assertThat(next.run()).doesNotContainAnyElementsOf(refused.run());
        next.succeed();
        merging.close();
        assertThat(merging.mergeRest().succeeded()).isTrue();
        assertThat(all()).hasSize(SealedChunks.RUN + 1);
    }

    @Test
    void noMergeStartsAfterTheLogIsClosed() {
        seal(SealedChunks.RUN);
        Merge underWay = only();
        merging.close();
        seal(SealedChunks.RUN);
        underWay.loseAnswer();
        seal(SealedChunks.RUN);
        assertThat(merges).isEmpty();
    }

    @Test
    void theRestWaitsForTheCurrentMergeAndIsMergedInOrder() {
        seal(SealedChunks.RUN);
        Merge underWay = only();
        seal(3);
        merging.close();
        Future<Void> rest = merging.mergeRest();
        assertThat(merges).isEmpty();
        underWay.succeed();
        Merge last = only();
        assertThat(last.run()).isEqualTo(all());
        last.succeed();
        assertThat(rest.succeeded()).isTrue();
        assertThat(all()).containsExactly(last.chunk());
    }

    @Test
    void aMergeOfTheRestIsRetriedOnceAfterALostAnswer() {
        seal(3);
        merging.close();
        Future<Void> rest = merging.mergeRest();
        Merge lost = only();
        lost.loseAnswer();
        Merge again = only();
        assertThat(again.run()).isEqualTo(lost.run());
        again.succeed();
        assertThat(rest.succeeded()).isTrue();
        assertThat(all()).containsExactly(again.chunk());
    }

    @Test
    void theRestFirstRetriesARunWhoseAnswerWasLost() {
        seal(SealedChunks.RUN);
        Merge underWay = only();
        seal(3);
        merging.close();
        Future<Void> rest = merging.mergeRest();
        underWay.loseAnswer();
        Merge again = only();
        assertThat(again.run()).isEqualTo(underWay.run());
        again.loseAnswer();
        assertThat(merges).isEmpty();
        assertThat(rest.failed()).isTrue();
    }
}

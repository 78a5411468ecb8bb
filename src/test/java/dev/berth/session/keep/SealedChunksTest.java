package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.LogChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealedChunksTest {
    private final SealedChunks chunks = new SealedChunks();
    private final List<Integer> rewrites = new ArrayList<>();
    private long next;

    private void add(int count, long bytes) {
        chunks.add(new LogChunk("chunk-" + next + "-" + count, next, count), bytes);
        next += count;
    }

    private void mergeRuns() {
        for (List<LogChunk> run = chunks.run(); !run.isEmpty(); run = chunks.run()) {
            merge(run);
        }
    }

    private void merge(List<LogChunk> group) {
        int count = group.stream().mapToInt(LogChunk::count).sum();
        rewrites.add(count);
        chunks.replace(new LogChunk(
                "merged-" + group.get(0).firstOffset(), group.get(0).firstOffset(), count));
    }

    private List<LogChunk> all() {
        return chunks.overlapping(0, Integer.MAX_VALUE);
    }

    /** The chunks have no gap and no overlap. */
    private void assertWhole() {
        long offset = 0;
        for (LogChunk chunk : all()) {
            assertThat(chunk.firstOffset()).isEqualTo(offset);
            offset = chunk.endOffset();
        }
        assertThat(offset).isEqualTo(next);
    }

    @Test
    void rareLinesMakeFewChunks() {
        IntStream.range(0, 5_000).forEach(i -> {
            add(1, 250);
            mergeRuns();
            assertThat(all()).hasSizeLessThan(60);
        });
        assertWhole();
        assertThat(rewrites.stream().mapToInt(Integer::intValue).sum()).isLessThan(5 * 5_000);
        chunks.rest().forEach(this::merge);
        assertWhole();
        assertThat(all()).hasSizeLessThan(30);
    }

    @Test
    void largeChunksAreNotMerged() {
        IntStream.range(0, 30).forEach(i -> add(LogBuffer.CHUNK_ENTRIES, 500_000));
        IntStream.range(0, 30).forEach(i -> add(3, LogBuffer.CHUNK_BYTES / 5));
        assertThat(chunks.run()).isEmpty();
        assertThat(chunks.rest()).isEmpty();
    }

    @Test
    void aMergedChunkDoesNotExceedTheLimit() {
        IntStream.range(0, 100).forEach(i -> add(150, 90_000));
        chunks.rest().forEach(this::merge);
        assertWhole();
        assertThat(rewrites).allMatch(count -> count <= LogBuffer.CHUNK_ENTRIES && count / 150 * 90_000 <= 1 << 20);
        assertThat(all()).hasSizeLessThan(11);
    }

    @Test
    void onlyNeighboursAreMerged() {
        add(1, 10);
        add(1_900, 500_000);
        add(1, 10);
        add(1, 10);
        add(1, 10);
        assertThat(chunks.rest()).hasSize(1);
        chunks.rest().forEach(this::merge);
        assertWhole();
        assertThat(all()).extracting(LogChunk::count).containsExactly(1, 1_900, 3);
    }
}

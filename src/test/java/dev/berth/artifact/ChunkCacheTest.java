package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.LogLines;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ChunkCacheTest {
    private static final LogLines LINES = LogLines.of(List.of(new byte[10_000]));

    /** A cache with room for ten chunks. */
    private static ChunkCache cache(Vertx vertx) {
        return new ChunkCache(vertx, 110_000);
    }

    private static List<Integer> held(ChunkCache cache, String prefix) {
        return IntStream.range(0, 100)
                .filter(i -> cache.get(prefix + i).isPresent())
                .boxed()
                .toList();
    }

    private static void fill(ChunkCache cache, long user, String prefix, int from, int to) {
        IntStream.range(from, to).forEach(i -> cache.put(user, prefix + i, LINES));
    }

    /** Puts are counted on the context; runs after that. */
    private static void later(
            Vertx vertx,
            VertxTestContext test,
            java.util.function.Consumer<ChunkCache> puts,
            java.util.function.Consumer<ChunkCache> then) {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(ignored -> {
            ChunkCache cache = cache(vertx);
            puts.accept(cache);
            context.runOnContext(counted -> test.verify(() -> {
                then.accept(cache);
                test.completeNow();
            }));
        });
    }

    @Test
    void isBounded(Vertx vertx, VertxTestContext test) {
        later(
                vertx,
                test,
                cache -> fill(cache, 1, "a", 0, 50),
                cache -> assertThat(held(cache, "a")).containsExactly(40, 41, 42, 43, 44, 45, 46, 47, 48, 49));
    }

    @Test
    void aHeavyReaderEvictsOnlyItsOwnChunks(Vertx vertx, VertxTestContext test) {
        later(
                vertx,
                test,
                cache -> {
                    fill(cache, 2, "modest", 0, 4);
                    fill(cache, 1, "greedy", 0, 100);
                },
                cache -> {
                    assertThat(held(cache, "modest")).containsExactly(0, 1, 2, 3);
                    assertThat(held(cache, "greedy")).hasSize(6);
                });
    }

    @Test
    void chunksThatAreReadStay(Vertx vertx, VertxTestContext test) {
        later(
                vertx,
                test,
                cache -> {
                    fill(cache, 1, "a", 0, 1);
                    cache.get("a0");
                    fill(cache, 1, "a", 1, 15);
                },
                cache -> assertThat(cache.get("a0")).contains(LINES));
    }

    @Test
    void aChunkThatWouldFillTheCacheIsNotHeld(Vertx vertx, VertxTestContext test) {
        LogLines large = LogLines.of(List.of(new byte[60_000]));
        later(
                vertx,
                test,
                cache -> cache.put(1, "large", large),
                cache -> assertThat(cache.get("large")).isEmpty());
    }
}

package dev.berth.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.ApiKey;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyLookUpsTest {
    private final List<List<ByteBuffer>> batches = new ArrayList<>();
    private final List<Promise<Map<ByteBuffer, ApiKey>>> answers = new ArrayList<>();
    private final KeyLookUps lookUps = new KeyLookUps(keys -> {
        batches.add(List.copyOf(keys));
        Promise<Map<ByteBuffer, ApiKey>> answer = Promise.promise();
        answers.add(answer);
        return answer.future();
    });

    private static ByteBuffer key(int i) {
        return ByteBuffer.allocate(4).putInt(0, i);
    }

    @Test
    void oneQueryAtATimeAndTheNextTakesAllWaitingKeys() {
        Future<Optional<ApiKey>> first = lookUps.ask(key(1));
        Future<Optional<ApiKey>> second = lookUps.ask(key(2));
        Future<Optional<ApiKey>> third = lookUps.ask(key(3));
        Future<Optional<ApiKey>> again = lookUps.ask(key(3));
        assertThat(batches).containsExactly(List.of(key(1)));
        answers.get(0).complete(Map.of(key(1), new ApiKey(7, 1, false)));
        assertThat(first.result()).hasValue(new ApiKey(7, 1, false));
        assertThat(batches).containsExactly(List.of(key(1)), List.of(key(2), key(3)));
        answers.get(1).complete(Map.of(key(3), new ApiKey(9, 1, false)));
        assertThat(second.result()).isEmpty();
        assertThat(third.result()).hasValue(new ApiKey(9, 1, false));
        assertThat(again.result()).hasValue(new ApiKey(9, 1, false));
        assertThat(batches).hasSize(2);
    }

    @Test
    void aFailedQueryFailsItsOwnKeysOnly() {
        Future<Optional<ApiKey>> first = lookUps.ask(key(1));
        Future<Optional<ApiKey>> second = lookUps.ask(key(2));
        answers.get(0).fail("no");
        assertThat(first.failed()).isTrue();
        answers.get(1).complete(Map.of());
        assertThat(second.result()).isEmpty();
    }

    @Test
    void aQueryThatThrowsIsFollowedByTheNext() {
        List<Integer> begun = new ArrayList<>();
        KeyLookUps broken = new KeyLookUps(keys -> {
            begun.add(keys.size());
            throw new IllegalStateException("no");
        });
        assertThat(broken.ask(key(1)).failed()).isTrue();
        assertThat(broken.ask(key(1)).failed()).isTrue();
        assertThat(begun).hasSize(2);
    }

    @Test
    void batchesAndTheQueueAreBounded() {
        lookUps.ask(key(0));
        List<Future<Optional<ApiKey>>> asked = IntStream.rangeClosed(1, KeyLookUps.MAX_WAITING)
                .mapToObj(i -> lookUps.ask(key(i)))
                .toList();
        Future<Optional<ApiKey>> tooMany = lookUps.ask(key(-1));
        assertThat(((BerthException) tooMany.cause()).code()).isEqualTo(ErrorCode.NOT_READY);
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).complete(Map.of());
        }
        assertThat(batches.subList(1, batches.size())).allMatch(batch -> batch.size() == KeyLookUps.MAX_BATCH);
        assertThat(asked).allMatch(Future::succeeded);
    }

    @Test
    void manyEventLoopsShareOneQueryAndAllAreAnswered() throws Exception {
        ExecutorService loops = Executors.newFixedThreadPool(4);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        KeyLookUps shared = new KeyLookUps(keys -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Promise<Map<ByteBuffer, ApiKey>> answer = Promise.promise();
            loops.execute(() -> {
                underWay.decrementAndGet();
                answer.complete(Map.of());
            });
            return answer.future();
        });
        try {
            List<java.util.concurrent.Future<List<Future<Optional<ApiKey>>>>> asked = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                int first = loop * 1_000;
                asked.add(loops.submit(() -> IntStream.range(first, first + 1_000)
                        .mapToObj(i -> shared.ask(key(i)))
                        .toList()));
            }
            for (var each : asked) {
                Future.join(each.get())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
        } finally {
            loops.shutdown();
        }
        assertThat(most.get()).isEqualTo(1);
    }
}

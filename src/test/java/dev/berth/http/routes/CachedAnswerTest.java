package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedAnswerTest {
    private final List<Promise<String>> lookUps = new ArrayList<>();
    private long now;
    private final CachedAnswer<String> remembered = new CachedAnswer<>(
            () -> {
                lookUps.add(Promise.promise());
                return lookUps.get(lookUps.size() - 1).future();
            },
            Duration.ofSeconds(1),
            () -> now);

    @Test
    void anAnswerIsReusedUntilItExpires() {
        Future<String> first = remembered.get();
        lookUps.get(0).complete("old");
        now = 999_999_999;
        assertThat(remembered.get().result()).isEqualTo("old");
        now = 1_000_000_000;
        Future<String> later = remembered.get();
        assertThat(lookUps).hasSize(2);
        lookUps.get(1).complete("new");
        assertThat(first.result()).isEqualTo("old");
        assertThat(later.result()).isEqualTo("new");
    }

    @Test
    void allCallersShareASlowLookUp() {
        Future<String> first = remembered.get();
        now = 10_000_000_000L;
        Future<String> second = remembered.get();
        assertThat(lookUps).hasSize(1);
        lookUps.get(0).fail("no");
        assertThat(first.failed()).isTrue();
        assertThat(second.failed()).isTrue();
    }

    @Test
    void aFailureExpiresToo() {
        remembered.get();
        lookUps.get(0).fail("no");
        now = 1_000_000_000;
        remembered.get();
        assertThat(lookUps).hasSize(2);
    }
}

package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedPartsTest {
    private final List<String> ended = new ArrayList<>();
    private final StartedParts parts = new StartedParts();

    private void add(String part) {
        parts.add(() -> {
            ended.add(part);
            return Future.succeededFuture();
        });
    }

    @Test
    void theLastOneEndsFirstAndEachOnce() {
        add("database");
        add("api");
        assertThat(parts.end().succeeded()).isTrue();
        assertThat(parts.end().succeeded()).isTrue();
        assertThat(ended).containsExactly("api", "database");
    }

    @Test
    void anEndThatFailsOrThrowsDoesNotKeepTheOthers() {
        add("database");
        parts.add(() -> Future.failedFuture("on purpose"));
        add("pool");
        parts.add((Runnable) () -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(parts.end().succeeded()).isTrue();
        assertThat(ended).containsExactly("pool", "database");
    }
}

package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class LeftoversTest {
    private final AtomicInteger failures = new AtomicInteger();

    private Set<Long> processes(int userId) throws IOException {
        if (failures.getAndDecrement() > 0) {
            throw new IOException("/proc: Too many open files");
        }
        return Set.of();
    }

    @Test
    void aFailedRemovalIsRetried(Vertx vertx, @TempDir Path folder) throws Exception {
        try (UserIds ids = UserIds.open(folder.resolve("locks/ids"), 70_000, this::processes)) {
            int id = ids.take();
            Path home = Files.createDirectories(folder.resolve("home/profile")).getParent();
            failures.set(2);
            new Leftovers(vertx, Optional.of(ids))
                    .remove(home, OptionalInt.of(id))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(home).doesNotExist();
            assertThat(failures.get()).isNegative();
            assertThat(ids.take()).isEqualTo(id);
        }
    }
}

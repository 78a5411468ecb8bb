package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.Futures;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {
    private static final long LIMIT = 256L << 20;

    @Test
    void whoGrowsFastIsSeenBeforeItIsAQuarterTooLarge() throws Exception {
        // 100 MiB a second, up to ten times the limit.
        Process hog = new ProcessBuilder(
                        "perl",
                        "-e",
                        "$kept = 'x' x (200 << 20); for (1 .. 2560) { push @more, 'x' x (1 << 20); select undef, undef, undef, 0.01 }")
                .start();
        Vertx vertx = Vertx.vertx();
        MemoryGuard guard = new MemoryGuard(vertx, LIMIT);
        Promise<Long> outgrown = Promise.promise();
        try {
            guard.watch(hog.toHandle(), new MemoryGuard.Watcher() {
                @Override
                public void measured(long bytes, double cores) {}

                @Override
                public void outgrown(long bytes) {
                    outgrown.complete(bytes);
                }
            });
            assertThat(Futures.await(outgrown.future())).isBetween(LIMIT, LIMIT / 4 * 5);
        } finally {
            hog.destroyForcibly();
            guard.close();
            Futures.await(vertx.close());
        }
    }
}

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
        // Most of the limit in no time, then at most 100 MiB a second.
        Process hog = new ProcessBuilder(
                        "perl",
                        "-e",
                        "for (1 .. 2560) { push @kept, 'x' x (1 << 20); select undef, undef, undef, 0.01 if $_ > 200 }")
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

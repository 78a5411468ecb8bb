package dev.berth.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Everything that the measurements share: two servers, a web site, a client's Vert.x, and Chromes launched by hand. */
final class Rig {
    /** What the server tells of itself may be so old. */
    private static final long STALE_MILLIS = 1_050;

    private static final int WARM_CHROMES = 2;
    private static final long PATIENCE_SECONDS = 60;
    private static final long QUIET_MILLIS = 300;

    final Path folder;
    /** The clients' event loops: never the servers'. */
    final Vertx clients;

    final Site site;
    final BerthServer warm;
    final BerthServer cold;
    final HandLaunch hands;
    /** With the flags of Berth's, a proxy among them that lets nothing through. */
    final HandLaunch proxied;

    private Rig(Path folder, Vertx clients, BerthServer warm, BerthServer cold) throws IOException {
        this.folder = folder;
        this.clients = clients;
        this.site = new Site(clients);
        this.warm = warm;
        this.cold = cold;
        waitUntil(this::poolIsFull);
        this.proxied = HandLaunch.like(ChromeTree.any(), folder);
        this.hands = proxied.direct();
    }

    static Rig start() throws IOException {
        // Not the owner's alone: Chromes, which may be other users, must get through to their profiles.
        Path folder = Files.createTempDirectory(
                "bench-berth", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        BerthServer warm =
                BerthServer.start(folder.resolve("warm"), Map.of("BERTH_POOL_SIZE", Integer.toString(WARM_CHROMES)));
        Map<String, String> settings = new HashMap<>(warm.shared());
        settings.put("BERTH_POOL_SIZE", "0");
        // Two servers of one machine must not give one user id to two Chromes.
        settings.put("BERTH_CHROME_FIRST_UID", "62000");
        BerthServer cold = BerthServer.start(folder.resolve("cold"), settings);
        return new Rig(folder, Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)), warm, cold);
    }

    private boolean poolIsFull() {
        return warm.api.get("/health/ready").getInteger("warmChromes") == WARM_CHROMES;
    }

    /** Waits until the pool is full again, and a moment more: nothing of the last sample is to be in the next. */
    void settle() {
        pause(STALE_MILLIS);
        waitUntil(this::poolIsFull);
        pause(QUIET_MILLIS);
    }

    static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    static void waitUntil(BooleanSupplier condition) {
        waitUntil(condition, 10);
    }

    /** Looks every {@code millis}. */
    static void waitUntil(BooleanSupplier condition, long millis) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("still not so after " + PATIENCE_SECONDS + " s");
            }
            pause(millis);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Ends all that was started, whatever a failed measurement left included. */
    void close() {
        cold.close();
        warm.close();
        await(clients.close());
        List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
        left.forEach(ProcessHandle::destroyForcibly);
        waitUntil(() -> left.stream().noneMatch(ChromeTree::lives));
        delete(folder);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

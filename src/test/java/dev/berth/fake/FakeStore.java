package dev.berth.fake;

import dev.berth.artifact.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** A spool and an object store in memory, which a test can let fail or hang, call by call. */
public final class FakeStore implements ObjectStore {
    public final Map<String, Buffer> spooled = new ConcurrentHashMap<>();
    public final Set<String> uploaded = ConcurrentHashMap.newKeySet();
    public volatile boolean isPublic;
    private volatile Function<String, Future<Void>> outcome = call -> Future.succeededFuture();

    /** @param newOutcome gives what comes of a call, by its name: {@code size}, {@code spool}, {@code upload}, … */
    public void outcome(Function<String, Future<Void>> newOutcome) {
        outcome = newOutcome;
    }

    @Override
    public Future<Long> size(Path file) {
        return outcome.apply("size").map(1L);
    }

    @Override
    public Future<Void> spool(String key, Buffer bytes) {
        return outcome.apply("spool").onSuccess(done -> spooled.put(key, bytes));
    }

    @Override
    public Future<Void> spoolFile(String key, Path file, long bytes) {
        return spool(key, Buffer.buffer("x"));
    }

    @Override
    public Future<Boolean> isSpooled(String key) {
        return Future.succeededFuture(spooled.containsKey(key));
    }

    @Override
    public Future<Void> spoolMoved(String key, Path file) {
        return spool(key, Buffer.buffer("x"));
    }

    @Override
    public Future<Void> upload(String key) {
        return outcome.apply("upload").onSuccess(done -> uploaded.add(key));
    }

    @Override
    public Future<Void> upload(String key, Supplier<Future<Void>> note) {
        return upload(key).compose(done -> note.get());
    }

    @Override
    public boolean isPublic() {
        return isPublic;
    }

    @Override
    public Future<Void> put(String key, Buffer bytes) {
        return outcome.apply("put").map(done -> {
            spooled.put(key, bytes);
            uploaded.add(key);
            return null;
        });
    }

    @Override
    public Future<Void> remove(String key) {
        spooled.remove(key);
        return Future.succeededFuture();
    }

    @Override
    public Future<Buffer> get(String key) {
        return outcome.apply("get").map(done -> spooled.get(key));
    }

    @Override
    public Future<Buffer> get(String key, long offset, int length) {
        return get(key).map(bytes -> bytes.getBuffer((int) offset, (int) offset + length));
    }
}

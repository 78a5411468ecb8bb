package dev.berth.fake;

import dev.berth.browser.UploadFolder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A folder in memory, of which a test says how much is left. */
public final class FakeUploads implements UploadFolder {
    public final Map<Path, Buffer> files = new ConcurrentHashMap<>();
    public final Set<Path> sealed = new TreeSet<>();
    public volatile long left = Long.MAX_VALUE;
    private int count;

    @Override
    public Future<Path> create(String name) {
        Path path = Path.of("/uploads", String.valueOf(count++), name);
        files.put(path, Buffer.buffer());
        return Future.succeededFuture(path);
    }

    @Override
    public Future<Void> append(Path file, Buffer bytes) {
        files.put(file, Buffer.buffer().appendBuffer(files.get(file)).appendBuffer(bytes));
        return Future.succeededFuture();
    }

    @Override
    public Future<Long> size(Path file) {
        return Future.succeededFuture(file).map(there -> (long) files.get(there).length());
    }

    @Override
    public Future<Void> seal(Path file) {
        sealed.add(file);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> remove(Path file) {
        files.remove(file);
        return Future.succeededFuture();
    }

    @Override
    public Future<Long> left() {
        return Future.succeededFuture(left);
    }
}

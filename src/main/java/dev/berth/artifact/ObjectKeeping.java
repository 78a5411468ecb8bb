package dev.berth.artifact;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps by which every object is kept: its bytes are spooled, then it is put into an index. The upload follows, by
 * {@link ObjectStore#upload}. Thread-safe.
 */
public final class ObjectKeeping {
    private static final Logger log = LoggerFactory.getLogger(ObjectKeeping.class);

    private final ObjectStore store;

    public ObjectKeeping(ObjectStore store) {
        this.store = store;
    }

    /**
     * Completes when the object is spooled and indexed. Removes the object if a step fails.
     *
     * @param spool writes the bytes to the spool
     * @param index puts the object into an index
     */
    public Future<Void> keep(String key, Supplier<Future<Void>> spool, Supplier<? extends Future<?>> index) {
        return Future.succeededFuture()
                .compose(now -> spool.get())
                .<Void>compose(safe -> index.get().mapEmpty())
                .onFailure(e -> remove(key));
    }

    /** Removes an object that no index refers to. */
    public void remove(String key) {
        store.remove(key).onFailure(e -> log.warn("{} could not be removed: {}", key, e.toString()));
    }
}

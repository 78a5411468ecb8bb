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

    /** What happens to an object if a step fails. */
    public enum OnFailure {
        /** The object stays: the index may have it, and the caller retries with the same key. */
        STAYS,
        /** The object is removed: the caller does not retry, and no index refers to it. */
        IS_REMOVED
    }

    public ObjectKeeping(ObjectStore store) {
        this.store = store;
    }

    /**
     * Completes when the object is spooled and indexed. Gives false, and removes the object, if the index refuses it.
     *
     * @param spool writes the bytes to the spool
     * @param index puts the object into an index; gives false if the index certainly does not have it and never will
     */
    public Future<Boolean> keep(
            String key, Supplier<Future<Void>> spool, Supplier<Future<Boolean>> index, OnFailure onFailure) {
        return Future.succeededFuture()
                .compose(now -> spool.get())
                .compose(safe -> index.get())
                .onSuccess(indexed -> {
                    if (!indexed) {
                        remove(key);
                    }
                })
                .onFailure(e -> {
                    if (onFailure == OnFailure.IS_REMOVED) {
                        remove(key);
                    }
                });
    }

    /** Removes an object that no index refers to. */
    public void remove(String key) {
        store.remove(key).onFailure(e -> log.warn("{} could not be removed: {}", key, e.toString()));
    }
}

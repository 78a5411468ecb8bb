package dev.berth.session.keep;

import dev.berth.protocol.ArtifactEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;

/** What became of a session's downloads, of which a browser has so many at the most. On the session's context. */
public final class Downloads {
    private final Vertx vertx;
    private final Map<String, Promise<ArtifactEntry>> byId = new HashMap<>();

    public Downloads(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes when it is kept, or fails with why it is not. */
    public Future<ArtifactEntry> kept(String downloadId) {
        return promise(downloadId).future();
    }

    public void ended(String downloadId, Future<ArtifactEntry> kept) {
        kept.onComplete(promise(downloadId));
    }

    private Promise<ArtifactEntry> promise(String downloadId) {
        return byId.computeIfAbsent(downloadId, id -> ((ContextInternal) vertx.getOrCreateContext()).promise());
    }
}

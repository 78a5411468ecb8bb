package dev.berth.session.keep;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.ArtifactEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** The outcomes of a session's downloads; the browser limits their number. Runs on the session's context. */
public final class Downloads {
    private final Vertx vertx;
    private final Map<String, Promise<ArtifactEntry>> byId = new HashMap<>();

    public Downloads(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes when the download is kept, or fails with the reason why not. */
    public Future<ArtifactEntry> kept(String downloadId) {
        return promise(downloadId).future();
    }

    public void ended(String downloadId, Future<ArtifactEntry> kept) {
        kept.onComplete(promise(downloadId));
    }

    private Promise<ArtifactEntry> promise(String downloadId) {
        return byId.computeIfAbsent(downloadId, id -> LoopPromise.here(vertx));
    }
}

package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.GivenFileStore;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.UploadedFile;
import dev.berth.verbs.Arguments;
import dev.berth.verbs.GivenFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Stores the files of requests, for sessions that run. */
public final class Uploads {
    private final Vertx vertx;
    private final GivenFileStore store;

    public Uploads(Vertx vertx, ArtifactStore store) {
        this.vertx = vertx;
        this.store = new GivenFileStore(store);
    }

    /** Completes when all files of the arguments are stored. Removes all of them where one fails. */
    Future<List<UploadedFile>> store(SessionDescription session, Arguments upload) {
        return switch (session.status()) {
            case RUNNING ->
                vertx.executeBlocking(() -> files(upload)).compose(files -> store.store(session.sessionId(), files));
            case CREATING ->
                Future.failedFuture(
                        new BerthException(ErrorCode.SESSION_NOT_RUNNING, "the session is still being created"));
            default -> Future.failedFuture(session.absence());
        };
    }

    private static List<GivenFileStore.File> files(Arguments upload) {
        return GivenFile.of(upload).stream()
                .map(file -> new GivenFileStore.File(file.name(), file.content()))
                .toList();
    }

    /** Removes files that no page has received. */
    void discard(List<UploadedFile> files) {
        store.discard(files);
    }
}

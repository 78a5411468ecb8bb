package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.ContentTypes;
import dev.berth.artifact.NewArtifact;
import dev.berth.artifact.ObjectKeeping;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.UploadedFile;
import dev.berth.verbs.Arguments;
import dev.berth.verbs.GivenFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings files from a request to a page by way of the object store, since the bus carries no bulk data. */
public final class Uploads {
    private static final Logger log = LoggerFactory.getLogger(Uploads.class);
    private static final long UPLOAD_PATIENCE_MILLIS = 30_000;

    private final ArtifactStore store;
    private final ObjectKeeping keeping;
    private final Vertx vertx;

    public Uploads(Vertx vertx, ArtifactStore store) {
        this.vertx = vertx;
        this.store = store;
        this.keeping = new ObjectKeeping(store);
    }

    /** Completes when all files of the arguments are stored. Removes all of them where one fails. */
    Future<List<UploadedFile>> store(SessionDescription session, Arguments upload) {
        return switch (session.status()) {
            case RUNNING ->
                vertx.executeBlocking(() -> GivenFile.of(upload)).compose(files -> store(session.sessionId(), files));
            case CREATING ->
                Future.failedFuture(
                        new BerthException(ErrorCode.SESSION_NOT_RUNNING, "the session is still being created"));
            default -> Future.failedFuture(session.absence());
        };
    }

    /** Removes files that no page has received. */
    public void discard(List<UploadedFile> files) {
        files.forEach(file -> keeping.remove(file.artifact().objectKey()));
    }

    /** The same, for a session that runs. */
    public Future<List<UploadedFile>> store(SessionId id, List<GivenFile> files) {
        List<Future<UploadedFile>> stored =
                files.stream().map(file -> store(id, file)).toList();
        return Future.join(stored)
                .map(all -> stored.stream().map(Future::result).toList())
                .onFailure(e -> stored.stream()
                        .filter(Future::succeeded)
                        .forEach(file -> keeping.remove(file.result().artifact().objectKey())));
    }

    private Future<UploadedFile> store(SessionId id, GivenFile file) {
        String extension = ContentTypes.extension(file.name());
        ArtifactEntry artifact = NewArtifact.pending(
                id,
                ArtifactType.UPLOAD,
                extension,
                Optional.of(file.name()),
                Instant.now(),
                file.content().length());
        String key = artifact.objectKey();
        // No index lists it before a page has it, so it is kept once the object store has it.
        return keeping.keep(key, () -> store.spool(key, file.content()), () -> arrived(key))
                .map(stored -> new UploadedFile(file.name(), artifact.with(ArtifactState.STORED)))
                .recover(e -> {
                    log.warn("{} an upload could not be stored", id, e);
                    String why = e instanceof BerthException known ? known.getMessage() : "try again later";
                    return Future.failedFuture(new BerthException(
                            ErrorCode.UPSTREAM, "'" + file.name() + "' could not be stored: " + why, e));
                });
    }

    private Future<Void> arrived(String key) {
        return store.upload(key).timeout(UPLOAD_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}

package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.ContentTypes;
import dev.berth.artifact.NewArtifact;
import dev.berth.artifact.ObjectKeeping;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UploadedFile;
import dev.berth.verbs.Arguments;
import dev.berth.verbs.GivenFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Stores the files that clients give to pages, since the bus carries no bulk data. */
final class GivenFiles {
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final ArtifactStore store;
    private final ObjectKeeping keeping;

    GivenFiles(Vertx vertx, ArtifactStore store) {
        this.vertx = vertx;
        this.store = store;
        this.keeping = new ObjectKeeping(store);
    }

    /** Completes when all files of the arguments are stored; removes all of them where one fails. */
    Future<List<UploadedFile>> store(SessionId session, Arguments upload) {
        return vertx.executeBlocking(() -> GivenFile.of(upload), false).compose(files -> {
            List<Future<UploadedFile>> stored =
                    files.stream().map(file -> store(session, file)).toList();
            return Future.join(stored)
                    .map(all -> stored.stream().map(Future::result).toList())
                    .onFailure(e -> discard(stored.stream()
                            .filter(Future::succeeded)
                            .map(Future::result)
                            .toList()));
        });
    }

    private Future<UploadedFile> store(SessionId session, GivenFile file) {
        ArtifactEntry artifact = NewArtifact.pending(
                session,
                ArtifactType.UPLOAD,
                ContentTypes.extension(file.name()),
                Optional.of(file.name()),
                Instant.now(),
                file.content().length());
        String key = artifact.objectKey();
        return keeping.keep(
                        key,
                        () -> store.spool(key, file.content()),
                        () -> store.upload(key).timeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .map(stored -> new UploadedFile(file.name(), artifact.with(ArtifactState.STORED)));
    }

    /** Removes files that no page has received. */
    void discard(List<UploadedFile> files) {
        files.forEach(file -> keeping.remove(file.artifact().objectKey()));
    }
}

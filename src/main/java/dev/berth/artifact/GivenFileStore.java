package dev.berth.artifact;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.GivenFile;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings files from clients to pages by way of the object store, since the bus carries no bulk data. */
public final class GivenFileStore {
    private static final Logger log = LoggerFactory.getLogger(GivenFileStore.class);
    private static final long PATIENCE_SECONDS = 30;

    private final ArtifactStore store;

    public GivenFileStore(ArtifactStore store) {
        this.store = store;
    }

    /** Completes when all files are stored. Removes all of them where one fails. */
    public Future<List<UploadedFile>> store(SessionId id, List<GivenFile> files) {
        List<Future<UploadedFile>> stored =
                files.stream().map(file -> store(id, file)).toList();
        return Future.join(stored)
                .map(all -> stored.stream().map(Future::result).toList())
                .onFailure(e -> discard(stored.stream()
                        .filter(Future::succeeded)
                        .map(Future::result)
                        .toList()));
    }

    /** Removes files that no page has received. */
    public void discard(List<UploadedFile> files) {
        files.forEach(file -> store.remove(file.artifact().objectKey()));
    }

    private Future<UploadedFile> store(SessionId id, GivenFile file) {
        ArtifactEntry artifact = NewArtifact.pending(
                id,
                ArtifactType.UPLOAD,
                NewArtifact.extension(file.name()),
                Optional.of(file.name()),
                Instant.now(),
                file.content().length());
        String key = artifact.objectKey();
        // No index lists the file before a page has it, so it counts as kept once the object store has it.
        return store.keep(
                        key,
                        () -> store.spool(key, file.content()),
                        () -> store.upload(key).timeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .map(stored -> new UploadedFile(file.name(), artifact.with(ArtifactState.STORED)))
                .recover(e -> {
                    log.warn("{} an upload could not be stored: {}", id, e.toString());
                    String why = e instanceof BerthException known ? known.getMessage() : "try again later";
                    return Future.failedFuture(new BerthException(
                            ErrorCode.UPSTREAM, "'" + file.name() + "' could not be stored: " + why, e));
                });
    }
}

package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.NewArtifact;
import dev.berth.history.ArtifactRepository;
import dev.berth.http.request.Validation;
import dev.berth.http.routes.FileReceiver.Arrival;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Files that clients give to sessions until 10 minutes after their end, as test runners do with traces. A file goes to the spool of the
 * node that answers. On one event loop.
 */
final class LateFiles {
    private static final Duration RECENT = Duration.ofMinutes(10);
    private static final int LOOK_MILLIS = 5_000;

    private final Vertx vertx;
    private final ArtifactRepository artifacts;
    private final ArtifactStore store;

    LateFiles(Vertx vertx, ArtifactRepository artifacts, ArtifactStore store) {
        this.vertx = vertx;
        this.artifacts = artifacts;
        this.store = store;
    }

    /**
     * Completes when the file is safe on disk and listed. Fails with {@code NOT_READY} while the session is still ending, with {@code
     * SESSION_ENDED} where it ended too long ago.
     *
     * @param length of the file; empty where it is not known
     */
    Future<NamedFile> receive(
            HttpServerRequest request, SessionDescription session, String name, Optional<Long> length) {
        Instant now = Instant.now();
        if (session.endedAt().isEmpty()) {
            return Future.failedFuture(new BerthException(ErrorCode.NOT_READY, "the session is ending; try again"));
        } else if (session.endedAt().get().isBefore(now.minus(RECENT))) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.SESSION_ENDED, "the session ended more than 10 minutes ago and accepts no more files"));
        } else if (length.filter(bytes -> bytes > ArtifactRepository.MAX_LATE_BYTES)
                .isPresent()) {
            return Future.failedFuture(ArtifactRepository.tooMuch());
        }
        ArtifactEntry draft = NewArtifact.pending(
                session.sessionId(), ArtifactType.UPLOAD, NewArtifact.extension(name), Optional.of(name), now, 0);
        return receive(request, draft, length)
                .compose(size -> keep(session, draft.sized(size)))
                .map(kept -> new NamedFile(
                        name, kept.size(), Optional.of(kept.size()), Optional.empty(), Optional.of(kept)));
    }

    /** Completes, with its size, when the file is in the spool. */
    private Future<Long> receive(HttpServerRequest request, ArtifactEntry draft, Optional<Long> length) {
        Path part = store.draft(draft.objectKey());
        return vertx.fileSystem()
                .open(
                        part.toString(),
                        new OpenOptions().setRead(false).setCreateNew(true).setPerms("rw-------"))
                .compose(file -> arrive(request, file, length))
                .compose(arrived -> store.size(part))
                .compose(size -> length.filter(Predicate.not(size::equals)).isPresent()
                        ? Future.<Long>failedFuture(Validation.invalid("the body is incomplete"))
                        : store.spoolMoved(draft.objectKey(), part).map(size))
                .recover(e -> vertx.fileSystem().delete(part.toString()).transform(gone -> Future.failedFuture(e)));
    }

    private Future<Void> arrive(HttpServerRequest request, AsyncFile file, Optional<Long> length) {
        Arrival arrival =
                new Arrival(request, request.response(), file, length.orElse(ArtifactRepository.MAX_LATE_BYTES));
        long timer = vertx.setPeriodic(LOOK_MILLIS, tick -> arrival.goesOn());
        return arrival.begin().onComplete(over -> vertx.cancelTimer(timer)).eventually(file::close);
    }

    private Future<ArtifactEntry> keep(SessionDescription session, ArtifactEntry file) {
        return store.keep(file.objectKey(), Future::succeededFuture, () -> artifacts.addLate(session.sessionId(), file))
                .map(listed -> {
                    // Goes on after the answer, with retries.
                    store.upload(file.objectKey());
                    return file;
                });
    }
}

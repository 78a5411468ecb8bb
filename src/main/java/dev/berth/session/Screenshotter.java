package dev.berth.session;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ArtifactRepository;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand.TakeScreenshot;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ScreenshotTaken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps the screenshots of one session. */
final class Screenshotter {
    /** A client likes a link at once; where the store is slow it gets {@code pending}. */
    private static final long UPLOAD_PATIENCE_MILLIS = 5_000;

    private final SessionId id;
    private final ArtifactStore store;
    private final ArtifactRepository repository;
    private final Consumer<ArtifactEntry> onKept;

    Screenshotter(SessionId id, ArtifactStore store, ArtifactRepository repository, Consumer<ArtifactEntry> onKept) {
        this.id = id;
        this.store = store;
        this.repository = repository;
        this.onKept = onKept;
    }

    /** Completes when the picture is safe and, if that does not take long, in the object store. */
    Future<ScreenshotTaken> keep(TakeScreenshot command, Buffer bytes) {
        String objectId = "screenshot-" + UUID.randomUUID();
        ArtifactEntry pending = new ArtifactEntry(
                objectId,
                ArtifactType.SCREENSHOT,
                "sessions/%s/screenshot/%s.%s"
                        .formatted(id, objectId, command.format().extension()),
                Instant.now(),
                command.format().contentType(),
                bytes.length(),
                ArtifactState.PENDING);
        return store.spool(pending.objectKey(), bytes)
                .compose(safe -> repository.add(id, pending))
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.UPSTREAM, "the screenshot could not be kept: " + e.getMessage(), e)))
                .compose(noted -> store.upload(pending.objectKey())
                        .timeout(UPLOAD_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .map(ArtifactState.STORED)
                        .otherwise(ArtifactState.PENDING))
                .map(state -> {
                    ArtifactEntry kept = withState(pending, state);
                    onKept.accept(kept);
                    return new ScreenshotTaken(kept);
                });
    }

    private static ArtifactEntry withState(ArtifactEntry a, ArtifactState state) {
        return new ArtifactEntry(
                a.objectId(), a.type(), a.objectKey(), a.timestamp(), a.contentType(), a.size(), state);
    }
}

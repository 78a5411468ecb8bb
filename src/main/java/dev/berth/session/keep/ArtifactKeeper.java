package dev.berth.session.keep;

import dev.berth.artifact.ContentTypes;
import dev.berth.artifact.ObjectStore;
import dev.berth.browser.BrowserListener.Download;
import dev.berth.clock.Scheduler;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ArtifactList;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the files of one session. */
public final class ArtifactKeeper {
    private static final Logger log = LoggerFactory.getLogger(ArtifactKeeper.class);
    /** A client likes a link at once; where the store is slow it gets {@code pending}. */
    private static final long UPLOAD_PATIENCE_MILLIS = 5_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final ObjectStore store;
    private final SessionHistory.Artifacts repository;
    private final KeptBytes kept;
    private final Told told;
    private final InTurn story = new InTurn();
    private final KeptArtifacts artifacts = new KeptArtifacts();

    /** Hears that an artifact is listed, and once more that it is stored where it was not yet. */
    public interface Told {
        /** @param offset by which this can be read */
        void kept(long offset, ArtifactEntry artifact);
    }

    public ArtifactKeeper(
            Scheduler scheduler,
            SessionId id,
            ObjectStore store,
            SessionHistory.Artifacts repository,
            KeptBytes kept,
            Told told) {
        this.scheduler = scheduler;
        this.kept = kept;
        this.id = id;
        this.store = store;
        this.repository = repository;
        this.told = told;
    }

    public ArtifactList list() {
        return artifacts.list();
    }

    /** Completes when the bytes are safe and, if that does not take long, in the object store. */
    public Future<ArtifactEntry> keep(ArtifactType type, String extension, Buffer bytes) {
        ArtifactEntry pending = pending(type, extension, Optional.empty(), bytes.length());
        return keep(pending, () -> store.spool(pending.objectKey(), bytes));
    }

    /** The same for a file that a page gave. */
    public Future<ArtifactEntry> keep(Download download) {
        return begin(() -> store.size(download.file()))
                .<Long>recover(e -> failed("the download could not be kept", e))
                .compose(size -> {
                    String extension = ContentTypes.extension(download.fileName());
                    ArtifactEntry pending =
                            pending(ArtifactType.DOWNLOAD, extension, Optional.of(download.fileName()), size);
                    return keep(pending, () -> store.spoolFile(pending.objectKey(), download.file()));
                });
    }

    /** Gives the bytes of what a client gave to {@code use}. They are kept once it has succeeded: else they are the giver's. */
    public <T> Future<T> give(List<ArtifactEntry> given, Function<List<Buffer>, Future<T>> use) {
        long bytes = given.stream().mapToLong(ArtifactEntry::size).sum();
        return kept.take(bytes)
                .compose(taken -> begin(() -> fetch(given))
                        .compose(use)
                        .compose(used -> Future.all(given.stream()
                                        .filter(artifact -> !artifacts.has(artifact))
                                        .map(this::list)
                                        .toList())
                                .recover(e -> failed("the files for the page could not be kept", e))
                                .map(used))
                        .onFailure(e -> kept.giveBack(bytes)));
    }

    private Future<List<Buffer>> fetch(List<ArtifactEntry> given) {
        List<Future<Buffer>> contents =
                given.stream().map(artifact -> store.get(artifact.objectKey())).toList();
        return Future.all(contents)
                .map(all -> contents.stream().map(Future::result).toList())
                .recover(e -> failed("the files for the page could not be read", e));
    }

    private ArtifactEntry pending(ArtifactType type, String extension, Optional<String> fileName, long size) {
        String objectId = type.wireName() + "-" + UUID.randomUUID();
        return new ArtifactEntry(
                objectId,
                type,
                "sessions/%s/%s/%s.%s".formatted(id, type.wireName(), objectId, extension),
                fileName,
                scheduler.now(),
                ContentTypes.of(extension),
                size,
                ArtifactState.PENDING);
    }

    private Future<ArtifactEntry> keep(ArtifactEntry pending, Supplier<Future<Void>> spool) {
        return kept.take(pending.size())
                .compose(taken -> begin(spool)
                        .compose(safe -> list(pending))
                        .onFailure(e -> giveUp(pending))
                        .<Void>recover(e -> failed("the " + pending.type().wireName() + " could not be kept", e)))
                .compose(noted -> scheduler
                        .within(UPLOAD_PATIENCE_MILLIS, begin(() -> upload(pending)))
                        .map(ArtifactState.STORED)
                        .otherwise(ArtifactState.PENDING))
                .map(pending::with);
    }

    /** What throws has failed: what was taken for it is given back all the same. */
    private static <T> Future<T> begin(Supplier<Future<T>> work) {
        return Future.succeededFuture().compose(now -> work.get());
    }

    private Future<Void> list(ArtifactEntry artifact) {
        return story.next(offset -> repository.add(id, offset, artifact), offset -> told(offset, artifact));
    }

    private Future<Void> upload(ArtifactEntry pending) {
        String key = pending.objectKey();
        return store.upload(
                key,
                () -> story.next(
                        offset -> repository.stored(key, offset),
                        offset -> told(offset, pending.with(ArtifactState.STORED))));
    }

    private void told(long offset, ArtifactEntry artifact) {
        artifacts.put(artifact);
        told.kept(offset, artifact);
    }

    /** What is not listed is not kept either. */
    private void giveUp(ArtifactEntry pending) {
        kept.giveBack(pending.size());
        store.remove(pending.objectKey())
                .onFailure(e -> log.warn("{} {} could not be removed: {}", id, pending.objectKey(), e.toString()));
    }

    /** The cause may name a path of this machine: that is for its log. */
    private <T> Future<T> failed(String what, Throwable e) {
        log.warn("{} {}: {}", id, what, e.toString());
        return Future.failedFuture(new BerthException(ErrorCode.UPSTREAM, what + "; the server's log tells why", e));
    }
}

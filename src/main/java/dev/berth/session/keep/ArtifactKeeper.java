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
import java.util.function.Consumer;
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
    private final Consumer<ArtifactEntry> onKept;
    private final KeptArtifacts artifacts = new KeptArtifacts();

    /** @param onKept is told each file that is kept */
    public ArtifactKeeper(
            Scheduler scheduler,
            SessionId id,
            ObjectStore store,
            SessionHistory.Artifacts repository,
            KeptBytes kept,
            Consumer<ArtifactEntry> onKept) {
        this.scheduler = scheduler;
        this.kept = kept;
        this.id = id;
        this.store = store;
        this.repository = repository;
        this.onKept = onKept;
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
                                        .map(artifact -> repository.add(id, artifact))
                                        .toList())
                                .recover(e -> failed("the files for the page could not be kept", e))
                                .map(used))
                        .onSuccess(used -> {
                            given.forEach(artifacts::put);
                            given.forEach(onKept);
                        })
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
                        .compose(safe -> repository.add(id, pending))
                        .onFailure(e -> giveUp(pending))
                        .<Void>recover(e -> failed("the " + pending.type().wireName() + " could not be kept", e)))
                .compose(noted -> scheduler
                        .within(UPLOAD_PATIENCE_MILLIS, begin(() -> upload(pending)))
                        .map(ArtifactState.STORED)
                        .otherwise(ArtifactState.PENDING))
                .map(pending::with)
                .onSuccess(onKept::accept);
    }

    /** What throws has failed: what was taken for it is given back all the same. */
    private static <T> Future<T> begin(Supplier<Future<T>> work) {
        return Future.succeededFuture().compose(now -> work.get());
    }

    private Future<Void> upload(ArtifactEntry pending) {
        artifacts.put(pending);
        return store.upload(pending.objectKey()).onSuccess(stored -> artifacts.put(pending.with(ArtifactState.STORED)));
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

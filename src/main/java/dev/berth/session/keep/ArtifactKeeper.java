package dev.berth.session.keep;

import dev.berth.artifact.NewArtifact;
import dev.berth.artifact.ObjectStore;
import dev.berth.browser.BrowserListener.Download;
import dev.berth.history.ArtifactRepository;
import dev.berth.loop.PendingWork;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ArtifactList;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the files of one session. Runs on the session's context. */
public final class ArtifactKeeper {
    private static final Logger log = LoggerFactory.getLogger(ArtifactKeeper.class);
    /** The longest that an answer waits for an upload; after that the artifact is {@code pending}. */
    private static final long UPLOAD_PATIENCE_MILLIS = 5_000;
    /** The longest that the end of a session waits for its uploads, which go on afterwards. */
    private static final long LAST_UPLOADS_MILLIS = 2_000;

    static final int IN_MEMORY = 1_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final ObjectStore store;
    private final ArtifactRepository repository;
    private final KeptBytes kept;
    private final Listener listener;
    private final KeptArtifacts artifacts = new KeptArtifacts();
    /** The outcomes of downloads, whose number the browser limits, by their ids. */
    private final Map<String, Promise<ArtifactEntry>> downloads = new HashMap<>();

    private final PendingWork uploads = new PendingWork();

    private long nextOffset;
    private Future<Void> lastEntry = Future.succeededFuture();

    /** Receives each artifact when it is listed, and once more when a pending one is stored. */
    public interface Listener {
        /** @param offset by which this entry can be read */
        void kept(long offset, ArtifactEntry artifact);
    }

    public ArtifactKeeper(
            Scheduler scheduler,
            SessionId id,
            ObjectStore store,
            ArtifactRepository repository,
            KeptBytes kept,
            Listener listener) {
        this.scheduler = scheduler;
        this.kept = kept;
        this.id = id;
        this.store = store;
        this.repository = repository;
        this.listener = listener;
    }

    public ArtifactList list() {
        return artifacts.list();
    }

    /**
     * Completes when the bytes are safe on disk and listed, which is when a link to Berth works. Where links lead to the object store,
     * completes when the bytes are there, unless that takes long.
     */
    public Future<ArtifactEntry> keep(ArtifactType type, String extension, String pageId, Buffer bytes) {
        ArtifactEntry pending =
                pending(type, extension, Optional.empty(), bytes.length()).on(Optional.of(pageId));
        return keep(pending, () -> store.spool(pending.objectKey(), bytes));
    }

    /** Completes when the object store has all files, or after 2 s: a file's {@code stored} event then precedes the session's end. */
    public Future<Void> uploaded() {
        return scheduler.within(LAST_UPLOADS_MILLIS, uploads.settled()).otherwiseEmpty();
    }

    /** Completes when a download is kept, or fails with the reason why not. */
    public Future<ArtifactEntry> kept(String downloadId) {
        return download(downloadId).future();
    }

    private Promise<ArtifactEntry> download(String downloadId) {
        return downloads.computeIfAbsent(downloadId, id -> Promise.promise());
    }

    /** Like {@link #keep(ArtifactType, String, String, Buffer)}, for a download that has ended. */
    public Future<ArtifactEntry> keep(Download download) {
        Future<ArtifactEntry> kept = download.error().isEmpty()
                ? keepWhole(download)
                : Future.failedFuture(new BerthException(
                        ErrorCode.ACTION_FAILED,
                        "the URL led to a file, which was not kept: "
                                + download.error().get()));
        return kept.onComplete(download(download.id()));
    }

    private Future<ArtifactEntry> keepWhole(Download download) {
        return begin(download.take())
                .<Path>recover(e -> failed("the download could not be kept", e))
                .compose(file -> keepTaken(download, file));
    }

    private Future<ArtifactEntry> keepTaken(Download download, Path file) {
        return begin(() -> store.size(file))
                .<Long>recover(e -> failed("the download could not be kept", e))
                .compose(size -> {
                    String extension = NewArtifact.extension(download.fileName());
                    ArtifactEntry pending = pending(
                                    ArtifactType.DOWNLOAD, extension, Optional.of(download.fileName()), size)
                            .on(download.pageId());
                    return keep(pending, () -> store.spoolFile(pending.objectKey(), file, size));
                });
    }

    /** Keeps a copy of a file that a client gave by name. Completes like {@link #keep}. */
    Future<ArtifactEntry> keepGiven(String name, Path file, long size) {
        ArtifactEntry pending = pending(ArtifactType.UPLOAD, NewArtifact.extension(name), Optional.of(name), size);
        return keep(pending, () -> store.spoolFile(pending.objectKey(), file, size));
    }

    /** The file that a name stands for; none where the session has kept so many files that it no longer knows their names. */
    Optional<ArtifactEntry> named(String name) {
        return ArtifactEntry.named(name, artifacts.list().artifacts());
    }

    /** A part of a file. */
    Future<Buffer> part(ArtifactEntry artifact, long offset, int length) {
        return begin(() -> store.get(artifact.objectKey(), offset, length))
                .recover(e -> failed("a file could not be read", e));
    }

    /** Removes a file from what is kept of the session. */
    public Future<Void> remove(ArtifactEntry artifact) {
        return repository.remove(id, artifact.objectId()).onSuccess(gone -> forget(artifact));
    }

    /** Removes the files with this name, given or downloaded. Gives how many. */
    Future<Integer> removeNamed(String name) {
        return repository.removeNamed(id, name).map(gone -> {
            gone.forEach(this::forget);
            return gone.size();
        });
    }

    /** Removes all downloads. */
    Future<Void> removeDownloads() {
        return repository
                .removeDownloads(id)
                .onSuccess(gone -> gone.forEach(this::forget))
                .mapEmpty();
    }

    private void forget(ArtifactEntry gone) {
        kept.giveBack(gone.size());
        artifacts.remove(gone);
    }

    /** Room for a file that grows. */
    public KeptBytes.Growing room() {
        return kept.growing();
    }

    /** How many bytes of files the session may still keep. */
    long left() {
        return kept.left();
    }

    /** How much the session has kept and may keep, for the user. */
    public String fullness() {
        return kept.fullness();
    }

    /** A name and a place for a file that will be made. */
    public ArtifactEntry draft(ArtifactType type, String extension) {
        return pending(type, extension, Optional.empty(), 0);
    }

    /** Lists a file that is not complete yet. To be followed by {@link #complete} or {@link #lost}. */
    public Future<Void> announce(ArtifactEntry draft) {
        return list(draft).recover(e -> failed("the " + draft.type().wireName() + " could not be listed", e));
    }

    /** Keeps an announced file, which is moved. Its room is taken already. Completes when it is uploaded, unless that takes long. */
    public Future<ArtifactEntry> complete(ArtifactEntry complete, Path file) {
        String key = complete.objectKey();
        // In this order: for a file in the spool, the next process would not ask for the size.
        return begin(() -> repository.complete(complete))
                .compose(sized -> store.spoolMoved(key, file))
                .<Void>recover(e -> failed("the " + complete.type().wireName() + " could not be kept", e))
                .onSuccess(safe -> artifacts.put(complete))
                .compose(safe -> uploaded(complete));
    }

    /** Records that nothing of an announced file could be saved. */
    public Future<ArtifactEntry> lost(ArtifactEntry announced) {
        ArtifactEntry lost = announced.with(ArtifactState.LOST);
        return entry(offset -> repository.lost(lost.objectKey(), offset), lost)
                .recover(e -> failed("the loss of a " + lost.type().wireName() + " could not be recorded", e))
                .map(lost);
    }

    /**
     * Passes the contents of a client's files for a page to {@code use}, and keeps the files if that succeeds; otherwise they are
     * not kept.
     */
    public <T> Future<T> give(List<ArtifactEntry> given, String pageId, Function<List<Buffer>, Future<T>> use) {
        long bytes = given.stream().mapToLong(ArtifactEntry::size).sum();
        return kept.take(bytes)
                .compose(taken -> begin(() -> fetch(given))
                        .compose(use)
                        .compose(used -> Future.all(given.stream()
                                        .filter(artifact -> !artifacts.has(artifact))
                                        .map(artifact -> list(artifact.on(Optional.of(pageId))))
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
        return NewArtifact.pending(id, type, extension, fileName, scheduler.now(), size);
    }

    private Future<ArtifactEntry> keep(ArtifactEntry pending, Supplier<Future<Void>> spool) {
        return listed(pending, spool).compose(there -> {
            Future<ArtifactEntry> uploaded = uploaded(pending);
            return store.isPublic() ? uploaded : Future.succeededFuture(pending);
        });
    }

    private Future<Void> listed(ArtifactEntry pending, Supplier<Future<Void>> spool) {
        return kept.take(pending.size())
                .compose(taken -> store.keep(pending.objectKey(), spool, () -> list(pending))
                        .onFailure(e -> kept.giveBack(pending.size()))
                        .recover(e -> failed("the " + pending.type().wireName() + " could not be kept", e)));
    }

    /** Uploads a file; waits for that only so long. */
    private Future<ArtifactEntry> uploaded(ArtifactEntry pending) {
        Future<Void> upload = scheduler.within(UPLOAD_PATIENCE_MILLIS, begin(() -> upload(pending)));
        uploads.add(upload);
        return upload.map(ArtifactState.STORED).otherwise(ArtifactState.PENDING).map(pending::with);
    }

    /** Turns an exception into a failed future, so that reserved room is given back. */
    private static <T> Future<T> begin(Supplier<Future<T>> work) {
        return Future.succeededFuture().compose(now -> work.get());
    }

    private Future<Void> list(ArtifactEntry artifact) {
        return entry(offset -> repository.add(id, offset, artifact), artifact);
    }

    private Future<Void> upload(ArtifactEntry pending) {
        String key = pending.objectKey();
        return store.upload(
                key,
                () -> artifacts.hasLost(pending)
                        // No entry refers to the artifact, which is noted for its object in the object store.
                        ? repository.stored(key, nextOffset++)
                        : entry(offset -> repository.stored(key, offset), pending.with(ArtifactState.STORED)));
    }

    /**
     * Writes an entry after those before it, so that none becomes readable after one with a greater offset. The offset of one that could
     * not be written is not used again.
     */
    private Future<Void> entry(LongFunction<Future<Void>> write, ArtifactEntry artifact) {
        lastEntry = lastEntry.transform(before -> {
            long offset = nextOffset++;
            return write.apply(offset).onSuccess(kept -> {
                // A client may remove a file while its upload is noted.
                if (!artifacts.hasLost(artifact)) {
                    artifacts.put(artifact);
                    listener.kept(offset, artifact);
                }
            });
        });
        return lastEntry;
    }

    /** A cause without a code may contain a path of this machine, so only the log gets it. */
    private <T> Future<T> failed(String what, Throwable e) {
        log.warn("{} {}: {}", id, what, e.toString());
        String why = e instanceof BerthException known ? ": " + known.getMessage() : "; see the server's log";
        return Future.failedFuture(new BerthException(ErrorCode.UPSTREAM, what + why, e));
    }

    /** The artifacts, for reads while Postgres does not answer. A session with very many is listed by Postgres alone. */
    private static final class KeptArtifacts {
        /** The order in which the history lists them. */
        private static final Comparator<ArtifactEntry> ORDER =
                Comparator.comparing(ArtifactEntry::timestamp).thenComparing(ArtifactEntry::objectId);

        private final Map<String, ArtifactEntry> byId = new HashMap<>();
        /** The ids of artifacts that were removed before the object store had them. */
        private final Set<String> removed = new HashSet<>();

        private boolean complete = true;

        private void remove(ArtifactEntry artifact) {
            ArtifactEntry gone = byId.remove(artifact.objectId());
            if (gone != null && gone.state() == ArtifactState.PENDING) {
                removed.add(gone.objectId());
            }
        }

        /** Whether the artifact was removed before the object store had it. Only the first call says so. */
        private boolean hasLost(ArtifactEntry artifact) {
            return removed.remove(artifact.objectId());
        }

        /** Adds an artifact, or replaces it after a change of its state. */
        private void put(ArtifactEntry artifact) {
            if (has(artifact) || complete && byId.size() < IN_MEMORY) {
                byId.put(artifact.objectId(), artifact);
            } else {
                complete = false;
                byId.clear();
            }
        }

        private boolean has(ArtifactEntry artifact) {
            return byId.containsKey(artifact.objectId());
        }

        private ArtifactList list() {
            return new ArtifactList(byId.values().stream().sorted(ORDER).toList(), complete);
        }
    }
}

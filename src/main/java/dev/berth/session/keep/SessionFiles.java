package dev.berth.session.keep;

import dev.berth.browser.UploadFolder;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.BeginFile;
import dev.berth.protocol.FileCommand.EndFile;
import dev.berth.protocol.FileCommand.RemoveDownloads;
import dev.berth.protocol.FileCommand.RemoveFile;
import dev.berth.protocol.FileCommand.TouchFile;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.FilePlace;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.SessionReply.NamedFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a session has by name on its browser's disk: what it was given, which is kept as an artifact, too, and what it has
 * downloaded and used. Runs on the session's context.
 */
public final class SessionFiles {
    private static final Logger log = LoggerFactory.getLogger(SessionFiles.class);
    /** Each takes a row, an object and a folder. */
    static final int MAX_FILES = 1_000;

    private static final int MAX_SHOWN = 20;
    private static final int PIECE_BYTES = 1 << 20;

    private final ArtifactKeeper keeper;
    private final UploadFolder folder;
    private final Map<String, NamedFile> complete = new LinkedHashMap<>();
    private final UnfinishedFiles unfinished;
    /** Files on the browser's disk that no longer have their names. */
    private int nameless;

    public SessionFiles(Scheduler scheduler, ArtifactKeeper keeper, UploadFolder folder) {
        this.unfinished = new UnfinishedFiles(scheduler, keeper, folder);
        this.keeper = keeper;
        this.folder = folder;
    }

    public Future<? extends SessionReply> perform(FileCommand<?> command) {
        if (command instanceof BeginFile begin) {
            return begin(begin);
        } else if (command instanceof EndFile end) {
            return end(end);
        } else if (command instanceof RemoveFile remove) {
            return remove(remove.name());
        } else if (command instanceof RemoveDownloads) {
            return removeDownloads();
        }
        return command instanceof TouchFile touch ? unfinished.touch(touch.name()) : Future.succeededFuture(list());
    }

    private NamedFiles list() {
        return new NamedFiles(
                Stream.concat(complete.values().stream(), unfinished.list()).toList());
    }

    private Future<FilePlace> begin(BeginFile begin) {
        boolean another = begin.offset() == 0 && !unfinished.has(begin.name());
        return another && complete.size() + unfinished.count() + nameless >= MAX_FILES
                ? refuse(ErrorCode.LIMIT_REACHED, "the session has " + MAX_FILES + " files, the maximum; remove one")
                : unfinished.begin(begin);
    }

    private Future<NamedFile> end(EndFile end) {
        return unfinished.end(end).map(file -> {
            if (file.artifact().isPresent()) {
                place(file, end.beside());
            }
            return file;
        });
    }

    static NamedFile onDisk(String name, Path path, ArtifactEntry artifact) {
        return new NamedFile(
                name,
                artifact.size(),
                Optional.of(artifact.size()),
                Optional.of(path.toString()),
                Optional.of(artifact));
    }

    private void place(NamedFile file, boolean beside) {
        Optional.ofNullable(complete.put(file.name(), file)).ifPresent(before -> replaced(before, beside));
    }

    /** A download of this name stays, as one that the session has got besides. */
    private void replaced(NamedFile before, boolean stays) {
        ArtifactEntry artifact = before.artifact().orElseThrow();
        boolean given = artifact.type() == ArtifactType.UPLOAD;
        nameless += stays ? 1 : 0;
        Future.join(
                        stays ? Future.succeededFuture() : drop(before),
                        given ? keeper.remove(artifact) : Future.succeededFuture())
                .onFailure(e -> log.warn("a replaced file could not be removed: {}", e.getMessage()));
    }

    private Future<Void> drop(NamedFile file) {
        return folder.remove(Path.of(file.path().orElseThrow()));
    }

    private Future<Acknowledged> remove(String name) {
        return unfinished.remove(name).compose(begun -> {
            Optional<NamedFile> there = Optional.ofNullable(complete.remove(name));
            return there.map(this::drop)
                    .orElseGet(Future::succeededFuture)
                    .compose(gone -> keeper.removeNamed(name))
                    .compose(count -> count > 0 || begun
                            ? Future.succeededFuture(new Acknowledged())
                            : refuse(ErrorCode.NOT_FOUND, unknown(name)));
        });
    }

    private Future<Acknowledged> removeDownloads() {
        List<NamedFile> onDisk = complete.values().stream()
                .filter(file -> file.artifact().orElseThrow().type() == ArtifactType.DOWNLOAD)
                .toList();
        onDisk.forEach(file -> complete.remove(file.name()));
        return Future.join(onDisk.stream().map(this::drop).toList())
                .compose(gone -> keeper.removeDownloads())
                .map(gone -> new Acknowledged());
    }

    /** The paths of the files with these names on the browser's disk. Files that the session has downloaded are put there first. */
    public Future<List<String>> paths(List<String> names) {
        List<Future<String>> paths = names.stream().distinct().map(this::path).toList();
        return Future.join(paths).map(all -> paths.stream().map(Future::result).toList());
    }

    private Future<String> path(String name) {
        Optional<NamedFile> there = Optional.ofNullable(complete.get(name));
        if (there.isPresent()) {
            return Future.succeededFuture(there.get().path().orElseThrow());
        }
        return keeper.named(name)
                .map(artifact -> fetch(name, artifact))
                .orElseGet(() -> refuse(ErrorCode.ACTION_FAILED, unknown(name)));
    }

    private String unknown(String name) {
        List<String> known = Stream.concat(
                        complete.keySet().stream(),
                        keeper.list().artifacts().stream()
                                .filter(ArtifactEntry::isNamed)
                                .flatMap(file -> file.fileName().stream()))
                .distinct()
                .limit(MAX_SHOWN)
                .toList();
        return "the session has no file '" + name + "'"
                + (known.isEmpty() ? "; upload it with PUT …/files/:name" : "; it has " + String.join(", ", known));
    }

    private Future<String> fetch(String name, ArtifactEntry artifact) {
        return folder.left()
                .compose(left -> artifact.size() <= left
                        ? folder.create(name)
                        : refuse(
                                ErrorCode.ACTION_FAILED,
                                "'" + name + "' has " + artifact.size() + " bytes, but only " + left
                                        + " are left on the session's disk (session.disk-mib, BERTH_SESSION_DISK_MIB)"))
                .compose(path -> copy(artifact, path)
                        .compose(copied -> folder.seal(path))
                        .map(ready -> {
                            place(onDisk(name, path, artifact), false);
                            return path.toString();
                        })
                        .onFailure(e -> folder.remove(path)));
    }

    private Future<Void> copy(ArtifactEntry artifact, Path path) {
        Promise<Void> copied = Promise.promise();
        copy(artifact, path, 0, copied);
        return copied.future();
    }

    /** Not by composed futures: a large file has thousands of pieces, which would make the stack overflow. */
    private void copy(ArtifactEntry artifact, Path path, long from, Promise<Void> copied) {
        int length = (int) Math.min(PIECE_BYTES, artifact.size() - from);
        if (length == 0) {
            copied.complete();
            return;
        }
        keeper.part(artifact, from, length)
                .compose(piece -> folder.append(path, piece))
                .onSuccess(written -> copy(artifact, path, from + length, copied))
                .onFailure(copied::fail);
    }

    static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }
}

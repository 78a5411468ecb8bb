package dev.berth.session.keep;

import dev.berth.browser.UploadFolder;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.BeginFile;
import dev.berth.protocol.FileCommand.EndFile;
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
 * The files that a session has by name on its browser's disk. Whoever gives one writes it there; once it is complete it is kept as an
 * artifact, too. Runs on the session's context.
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
    private final Map<String, Unfinished> unfinished = new LinkedHashMap<>();

    public SessionFiles(ArtifactKeeper keeper, UploadFolder folder) {
        this.keeper = keeper;
        this.folder = folder;
    }

    /** A file that is not complete. */
    private static final class Unfinished {
        final String name;
        final Optional<Long> total;
        Optional<Path> path = Optional.empty();
        boolean writing = true;
        /** Bytes that were there when the last writer stopped. */
        long received;

        Unfinished(BeginFile begin) {
            this.name = begin.name();
            this.total = begin.total();
        }

        NamedFile view() {
            return new NamedFile(name, received, total, Optional.empty(), Optional.empty());
        }

        long missing() {
            return total.orElse(0L) - received;
        }
    }

    public Future<? extends SessionReply> perform(FileCommand<?> command) {
        if (command instanceof BeginFile begin) {
            return begin(begin);
        } else if (command instanceof EndFile end) {
            return end(end);
        } else if (command instanceof RemoveFile remove) {
            return remove(remove.name());
        }
        return command instanceof TouchFile
                ? Future.succeededFuture(new Acknowledged())
                : Future.succeededFuture(list());
    }

    private NamedFiles list() {
        return new NamedFiles(Stream.concat(
                        complete.values().stream(), unfinished.values().stream().map(Unfinished::view))
                .toList());
    }

    // Giving a file

    private Future<FilePlace> begin(BeginFile begin) {
        Optional<Unfinished> before = Optional.ofNullable(unfinished.get(begin.name()));
        if (before.filter(file -> file.writing).isPresent()) {
            return refuse(ErrorCode.CONFLICT, "another request is writing '" + begin.name() + "'");
        } else if (begin.offset() > 0) {
            return resume(begin, before);
        } else if (before.isEmpty() && complete.size() + unfinished.size() >= MAX_FILES) {
            return refuse(ErrorCode.LIMIT_REACHED, "the session has " + MAX_FILES + " files; remove one");
        }
        Unfinished file = new Unfinished(begin);
        unfinished.put(file.name, file);
        return before.map(this::discard)
                .orElseGet(Future::succeededFuture)
                .compose(ready -> makeRoom(file))
                .compose(maxBytes -> folder.create(file.name).map(path -> {
                    file.path = Optional.of(path);
                    return new FilePlace(path.toString(), maxBytes);
                }))
                .onFailure(e -> abandon(file));
    }

    private static Future<FilePlace> resume(BeginFile begin, Optional<Unfinished> before) {
        long there = before.map(file -> file.received).orElse(0L);
        if (before.isEmpty() || there != begin.offset() || !before.get().total.equals(begin.total())) {
            String of = before.flatMap(file -> file.total)
                    .map(total -> " of " + total)
                    .orElse("");
            return refuse(
                    ErrorCode.CONFLICT,
                    "of '" + begin.name() + "', " + there + of
                            + " bytes are there: go on with the next one, or begin anew");
        }
        before.get().writing = true;
        return Future.succeededFuture(new FilePlace(
                before.get().path.orElseThrow().toString(), before.get().missing()));
    }

    /** Gives how many bytes the file may have. */
    private Future<Long> makeRoom(Unfinished file) {
        return folder.left().compose(onDisk -> {
            List<Unfinished> others =
                    unfinished.values().stream().filter(other -> other != file).toList();
            long toWrite = others.stream().mapToLong(Unfinished::missing).sum();
            long toKeep =
                    others.stream().mapToLong(other -> other.total.orElse(0L)).sum();
            long left = Math.max(0, Math.min(keeper.left() - toKeep, onDisk - toWrite));
            long wanted = file.total.orElse(0L);
            return wanted <= left
                    ? Future.succeededFuture(file.total.orElse(left))
                    : Future.failedFuture(new BerthException(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "'" + file.name + "' has " + wanted + " bytes, and " + left
                                    + " are left of the session's disk (session.disk-mib, BERTH_SESSION_DISK_MIB)"));
        });
    }

    private Future<NamedFile> end(EndFile end) {
        Unfinished file = unfinished.get(end.name());
        if (file == null || file.path.isEmpty()) {
            return refuse(ErrorCode.NOT_FOUND, "nobody writes '" + end.name() + "'");
        }
        return folder.size(file.path.get()).compose(size -> {
            file.received = size;
            boolean whole = file.total.map(size::equals).orElse(end.whole());
            if (whole) {
                return keep(file, file.path.get());
            } else if (file.total.isPresent()) {
                file.writing = false;
                return Future.succeededFuture(file.view());
            }
            abandon(file);
            return refuse(ErrorCode.INVALID_ARGUMENT, "the body of '" + file.name + "' was not complete");
        });
    }

    private Future<NamedFile> keep(Unfinished file, Path path) {
        return folder.seal(path)
                .compose(ready -> keeper.keepGiven(file.name, path, file.received))
                .map(artifact -> {
                    unfinished.remove(file.name);
                    return placed(file.name, path, artifact);
                })
                .onFailure(e -> abandon(file));
    }

    private NamedFile placed(String name, Path path, ArtifactEntry artifact) {
        NamedFile now = new NamedFile(
                name,
                artifact.size(),
                Optional.of(artifact.size()),
                Optional.of(path.toString()),
                Optional.of(artifact));
        Optional.ofNullable(complete.put(name, now)).ifPresent(this::replaced);
        return now;
    }

    /** A download of this name stays, as one that the session has got besides. */
    private void replaced(NamedFile before) {
        ArtifactEntry artifact = before.artifact().orElseThrow();
        boolean given = artifact.type() == ArtifactType.UPLOAD;
        Future.join(drop(before), given ? keeper.remove(artifact) : Future.succeededFuture())
                .onFailure(e -> log.warn("a file that was replaced is still kept: {}", e.getMessage()));
    }

    private Future<Void> drop(NamedFile file) {
        return folder.remove(Path.of(file.path().orElseThrow()));
    }

    private void abandon(Unfinished file) {
        unfinished.remove(file.name, file);
        discard(file).onFailure(e -> log.debug("what is left of a file: {}", e.getMessage()));
    }

    private Future<Void> discard(Unfinished file) {
        return file.path.map(folder::remove).orElseGet(Future::succeededFuture);
    }

    private Future<Acknowledged> remove(String name) {
        Optional<Unfinished> begun = Optional.ofNullable(unfinished.get(name));
        if (begun.filter(file -> file.writing).isPresent()) {
            return refuse(ErrorCode.CONFLICT, "a request is writing '" + name + "'");
        }
        begun.ifPresent(this::abandon);
        Optional<NamedFile> there = Optional.ofNullable(complete.remove(name));
        return there.map(this::drop)
                .orElseGet(Future::succeededFuture)
                .compose(gone -> keeper.removeNamed(name))
                .compose(count -> count > 0 || begun.isPresent()
                        ? Future.succeededFuture(new Acknowledged())
                        : refuse(ErrorCode.NOT_FOUND, unknown(name)));
    }

    // Using files

    /** Where the files with these names are on the browser's disk. What the session has downloaded is put there first. */
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
                + (known.isEmpty() ? "; PUT …/files/:name gives it one" : "; it has " + String.join(", ", known));
    }

    private Future<String> fetch(String name, ArtifactEntry artifact) {
        return folder.left()
                .compose(left -> artifact.size() <= left
                        ? folder.create(name)
                        : refuse(
                                ErrorCode.ACTION_FAILED,
                                "'" + name + "' has " + artifact.size() + " bytes, and " + left
                                        + " are left of the session's disk (session.disk-mib, BERTH_SESSION_DISK_MIB)"))
                .compose(path -> copy(artifact, path)
                        .compose(copied -> folder.seal(path))
                        .map(ready -> placed(name, path, artifact).path().orElseThrow())
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

    private static <T> Future<T> refuse(ErrorCode code, String why) {
        return Future.failedFuture(new BerthException(code, why));
    }
}

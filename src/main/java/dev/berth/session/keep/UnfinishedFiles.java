package dev.berth.session.keep;

import dev.berth.browser.UploadFolder;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.BeginFile;
import dev.berth.protocol.FileCommand.EndFile;
import dev.berth.protocol.SessionReply.Acknowledged;
import dev.berth.protocol.SessionReply.FilePlace;
import dev.berth.protocol.SessionReply.NamedFile;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a session is being given, until each is kept. Whoever gives one writes it to the browser's disk, and says meanwhile that
 * it is still there. Runs on the session's context.
 */
final class UnfinishedFiles {
    private static final Logger log = LoggerFactory.getLogger(UnfinishedFiles.class);
    /** A writer that said nothing for so long is gone: one that lives speaks every few seconds. */
    static final long GONE_SECONDS = 30;

    private final Scheduler scheduler;
    private final ArtifactKeeper keeper;
    private final UploadFolder folder;
    private final Map<String, Unfinished> files = new LinkedHashMap<>();

    UnfinishedFiles(Scheduler scheduler, ArtifactKeeper keeper, UploadFolder folder) {
        this.scheduler = scheduler;
        this.keeper = keeper;
        this.folder = folder;
    }

    private enum Stage {
        /** The file's place is made, or the file is kept, which comes to an end by itself. */
        BUSY,
        /** The file is being written, until its writer ends it, or is gone. */
        WRITTEN,
        /** Part of it is there. */
        WAITING
    }

    private final class Unfinished {
        final String name;
        final Optional<Long> total;
        Optional<Path> path = Optional.empty();
        Stage stage = Stage.BUSY;
        /** Bytes that were there when the last writer stopped. */
        long received;

        private long heardNanos;

        Unfinished(BeginFile begin) {
            this.name = begin.name();
            this.total = begin.total();
        }

        void hear() {
            stage = Stage.WRITTEN;
            heardNanos = scheduler.nanos();
        }

        boolean isTaken() {
            return stage == Stage.BUSY
                    || stage == Stage.WRITTEN
                            && scheduler.nanos() - heardNanos < TimeUnit.SECONDS.toNanos(GONE_SECONDS);
        }

        NamedFile view() {
            return new NamedFile(name, received, total, Optional.empty(), Optional.empty());
        }

        long missing() {
            return total.orElse(0L) - received;
        }
    }

    int count() {
        return files.size();
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    Stream<NamedFile> list() {
        return files.values().stream().map(Unfinished::view);
    }

    Future<FilePlace> begin(BeginFile begin) {
        Optional<Unfinished> before = Optional.ofNullable(files.get(begin.name()));
        if (before.filter(Unfinished::isTaken).isPresent()) {
            return SessionFiles.refuse(ErrorCode.CONFLICT, "another request is writing '" + begin.name() + "'");
        } else if (begin.offset() > 0) {
            return resume(begin, before);
        }
        Unfinished file = new Unfinished(begin);
        files.put(file.name, file);
        return before.map(this::discard)
                .orElseGet(Future::succeededFuture)
                .compose(ready -> makeRoom(file))
                .compose(maxBytes -> folder.create(file.name).map(path -> {
                    file.path = Optional.of(path);
                    file.hear();
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
            return SessionFiles.refuse(
                    ErrorCode.CONFLICT,
                    "'" + begin.name() + "' has " + there + of
                            + " bytes so far: continue with the next byte, or start over from byte 0");
        }
        before.get().hear();
        return Future.succeededFuture(new FilePlace(
                before.get().path.orElseThrow().toString(), before.get().missing()));
    }

    /** Gives how many bytes the file may have. */
    private Future<Long> makeRoom(Unfinished file) {
        return folder.left().compose(onDisk -> {
            List<Unfinished> others =
                    files.values().stream().filter(other -> other != file).toList();
            long toWrite = others.stream().mapToLong(Unfinished::missing).sum();
            long toKeep =
                    others.stream().mapToLong(other -> other.total.orElse(0L)).sum();
            long left = Math.max(0, Math.min(keeper.left() - toKeep, onDisk - toWrite));
            long wanted = file.total.orElse(0L);
            return wanted <= left
                    ? Future.succeededFuture(file.total.orElse(left))
                    : Future.failedFuture(new BerthException(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "'" + file.name + "' has " + wanted + " bytes, but only " + left
                                    + " are left on the session's disk (session.disk-mib, BERTH_SESSION_DISK_MIB)"));
        });
    }

    Future<Acknowledged> touch(String name) {
        Optional<Unfinished> file = written(name);
        file.ifPresent(Unfinished::hear);
        return file.isPresent() ? Future.succeededFuture(new Acknowledged()) : nobodyWrites(name);
    }

    private Optional<Unfinished> written(String name) {
        return Optional.ofNullable(files.get(name)).filter(file -> file.stage == Stage.WRITTEN);
    }

    private static <T> Future<T> nobodyWrites(String name) {
        return SessionFiles.refuse(ErrorCode.NOT_FOUND, "no upload of '" + name + "' is in progress");
    }

    /** Completes with the whole file once it is kept, or with what is there of it. */
    Future<NamedFile> end(EndFile end) {
        Optional<Unfinished> file = written(end.name());
        if (file.isEmpty()) {
            return nobodyWrites(end.name());
        }
        file.get().stage = Stage.BUSY;
        Path path = file.get().path.orElseThrow();
        return folder.size(path)
                .compose(size -> end(file.get(), path, size, end.whole()))
                .onFailure(e -> abandon(file.get()));
    }

    private Future<NamedFile> end(Unfinished file, Path path, long size, boolean whole) {
        file.received = size;
        if (file.total.map(total -> total == size).orElse(whole)) {
            return keep(file, path);
        } else if (file.total.isPresent()) {
            file.stage = Stage.WAITING;
            return Future.succeededFuture(file.view());
        }
        return SessionFiles.refuse(ErrorCode.INVALID_ARGUMENT, "the body of '" + file.name + "' is incomplete");
    }

    private Future<NamedFile> keep(Unfinished file, Path path) {
        return folder.seal(path)
                .compose(ready -> keeper.keepGiven(file.name, path, file.received))
                .map(artifact -> {
                    files.remove(file.name);
                    return SessionFiles.onDisk(file.name, path, artifact);
                });
    }

    /** Gives whether there was one. Fails where a request writes it. */
    Future<Boolean> remove(String name) {
        Optional<Unfinished> begun = Optional.ofNullable(files.get(name));
        if (begun.filter(Unfinished::isTaken).isPresent()) {
            return SessionFiles.refuse(ErrorCode.CONFLICT, "a request is writing '" + name + "'");
        }
        begun.ifPresent(this::abandon);
        return Future.succeededFuture(begun.isPresent());
    }

    private void abandon(Unfinished file) {
        files.remove(file.name, file);
        discard(file).onFailure(e -> log.debug("what is left of a file: {}", e.getMessage()));
    }

    private Future<Void> discard(Unfinished file) {
        return file.path.map(folder::remove).orElseGet(Future::succeededFuture);
    }
}

package dev.berth.session.record;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Viewport;
import dev.berth.recording.Recorder;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The frames of one flight recorder on disk.
 *
 * @param size of the video that they may become
 */
record FlightFolder(FileSystem files, Path path, Viewport size) {
    private static final Pattern NAME = Pattern.compile("(session-[0-9a-f-]+)_(\\d{1,4})x(\\d{1,4})");

    static String name(SessionId id, Viewport size) {
        return id + "_" + size.width() + "x" + size.height();
    }

    /** The session of a folder with this name; empty where that is not a flight recorder's. */
    static Optional<SessionId> session(String name) {
        return matched(name).flatMap(matcher -> SessionId.parse(matcher.group(1)));
    }

    /** Empty where the path is not a flight recorder's. */
    static Optional<FlightFolder> parse(FileSystem files, Path path) {
        return matched(path.getFileName().toString())
                .flatMap(FlightFolder::size)
                .map(size -> new FlightFolder(files, path, size));
    }

    private static Optional<Matcher> matched(String name) {
        return Optional.of(NAME.matcher(name)).filter(Matcher::matches);
    }

    private static Optional<Viewport> size(Matcher matcher) {
        try {
            return Optional.of(new Viewport(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))));
        } catch (BerthException outOfBounds) {
            return Optional.empty();
        }
    }

    Future<Void> write(StoredFrame frame, Buffer jpeg) {
        return frame.write(files, path, jpeg);
    }

    Future<Void> delete(StoredFrame frame) {
        return frame.delete(files, path);
    }

    /** The frames in it, oldest first. */
    Future<List<StoredFrame>> frames() {
        return files.readDir(path.toString())
                .map(paths -> paths.stream()
                        .map(file ->
                                StoredFrame.parse(Path.of(file).getFileName().toString()))
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparing(StoredFrame::at))
                        .toList());
    }

    /** Feeds frames to a recorder, one after the other. The first, which may be older, is shown from {@code start} on. */
    Future<Void> play(List<StoredFrame> frames, Instant start, Recorder recorder) {
        Future<Void> played = Future.succeededFuture();
        for (StoredFrame frame : frames) {
            Instant at = frame.at().isBefore(start) ? start : frame.at();
            played = played.compose(before -> frame.read(files, path))
                    .compose(read -> read.map(jpeg -> recorder.write(jpeg, at)).orElse(Future.succeededFuture()));
        }
        return played;
    }
}

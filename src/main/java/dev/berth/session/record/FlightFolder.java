package dev.berth.session.record;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.SessionId;
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
record FlightFolder(FileSystem files, Path path, SessionId session, Viewport size) {
    private static final Pattern NAME = Pattern.compile("(session-[0-9a-f-]+)_(\\d{1,4})x(\\d{1,4})");

    private static final Pattern FRAME = Pattern.compile("(\\d{1,15})(-cut)?\\.jpg");
    private static final int END_OF_IMAGE = 0xFFD9;

    /**
     * A frame, in a file whose name is its time.
     *
     * @param cut whether it shows another document than the frame before
     */
    record StoredFrame(Instant at, boolean cut) {
        private static Optional<StoredFrame> parse(String name) {
            return Optional.of(FRAME.matcher(name))
                    .filter(Matcher::matches)
                    .map(found -> new StoredFrame(
                            Instant.ofEpochMilli(Long.parseLong(found.group(1))), found.group(2) != null));
        }

        private String fileName() {
            return at.toEpochMilli() + (cut ? "-cut" : "") + ".jpg";
        }
    }

    static String name(SessionId id, Viewport size) {
        return id + "_" + size.width() + "x" + size.height();
    }

    /** Empty where the path is not a flight recorder's. */
    static Optional<FlightFolder> parse(FileSystem files, Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            Viewport size = new Viewport(Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3)));
            return SessionId.parse(name.group(1)).map(session -> new FlightFolder(files, path, session, size));
        } catch (BerthException outOfBounds) {
            return Optional.empty();
        }
    }

    Future<Void> write(StoredFrame frame, Buffer jpeg) {
        return files.writeFile(in(frame), jpeg);
    }

    Future<Void> delete(StoredFrame frame) {
        return files.delete(in(frame));
    }

    /** The picture; empty if its writer was killed before it was complete. */
    private Future<Optional<Buffer>> read(StoredFrame frame) {
        return files.readFile(in(frame))
                .map(Optional::of)
                .otherwise(Optional.empty())
                .map(read -> read.filter(FlightFolder::isWhole));
    }

    private static boolean isWhole(Buffer jpeg) {
        return jpeg.length() > 2 && jpeg.getUnsignedShort(jpeg.length() - 2) == END_OF_IMAGE;
    }

    private String in(StoredFrame frame) {
        return path.resolve(frame.fileName()).toString();
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
            played = played.compose(before -> read(frame))
                    .compose(read -> read.map(jpeg -> recorder.write(jpeg, at, frame.cut()))
                            .orElse(Future.succeededFuture()));
        }
        return played;
    }
}

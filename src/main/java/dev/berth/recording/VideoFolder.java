package dev.berth.recording;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.recording.EbmlElements.Element;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The folder of one recording. Its methods block. */
record VideoFolder(Path path) {
    /** ffmpeg's header has about 600 bytes. */
    private static final int HEADER_BYTES = 16_384;

    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * The facts that the beginning of a video has about it.
     *
     * @param finished whether its encoder came to its end: only then are the duration and what players seek by there
     */
    private record Header(boolean finished, long durationMillis, Instant startedAt) {}

    Path video() {
        return Recorders.video(path);
    }

    /** The copy that a repair writes. */
    Path repaired() {
        return path.resolve("repaired." + Recorders.EXTENSION);
    }

    /** The video, if its encoder came to its end. */
    Optional<Video> finished() throws IOException {
        return finished(video());
    }

    /** The size of the video, if its beginning can be read; otherwise 0. */
    long readableBytes() throws IOException {
        return header(video()).isPresent() ? Files.size(video()) : 0;
    }

    /**
     * Replaces the video by its repaired copy; empty if there is nothing to see in it. Fails if the copy could not become whole, for
     * which another try may be better: the video remains as it is.
     *
     * @param ended whether the repair came to its end, and was not killed
     */
    Optional<Video> takeRepaired(boolean ended) throws IOException {
        Optional<Video> copy = finished(repaired());
        if (copy.isEmpty() && !(ended && hasRoom())) {
            throw new BerthException(ErrorCode.UNAVAILABLE, "the recording could not be repaired");
        } else if (copy.isEmpty() || copy.get().durationMillis() == 0) {
            return Optional.empty();
        }
        Files.move(repaired(), video(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return finished();
    }

    private boolean hasRoom() throws IOException {
        return path.toFile().getUsableSpace() > Files.size(video());
    }

    private static Optional<Video> finished(Path file) throws IOException {
        Optional<Header> header = header(file).filter(Header::finished);
        return header.isEmpty()
                ? Optional.empty()
                : Optional.of(new Video(
                        file,
                        Files.size(file),
                        header.get().durationMillis(),
                        header.get().startedAt()));
    }

    /** Empty if there is no file, or none of ours. */
    private static Optional<Header> header(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new EbmlElements(ByteBuffer.wrap(in.readNBytes(HEADER_BYTES)))
                    .first(Ebml.SEGMENT)
                    .flatMap(segment -> segment.content()
                            .first(Ebml.INFO)
                            .flatMap(info -> header(segment.size() != Ebml.UNKNOWN, info.content())));
        }
    }

    private static Optional<Header> header(boolean finished, EbmlElements info) {
        long nanosPerTick =
                info.first(Ebml.TIMESTAMP_SCALE).map(Element::unsigned).orElse(0L);
        double ticks = info.first(Ebml.DURATION).map(Element::decimal).orElse(0.0);
        return info.first(Ebml.TITLE)
                .flatMap(title -> instant(title.text()))
                .map(startedAt -> new Header(finished, Math.round(ticks * nanosPerTick / NANOS_PER_MILLI), startedAt));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

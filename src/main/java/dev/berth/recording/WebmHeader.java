package dev.berth.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the beginning of a video says about it.
 *
 * @param finished whether its encoder came to its end: only then are the duration and what players seek by there
 */
record WebmHeader(boolean finished, long durationMillis, Instant startedAt) {
    /** ffmpeg's header has about 600 bytes. */
    private static final int HEAD_BYTES = 16_384;

    private static final double NANOS_PER_MILLI = 1e6;

    /** Empty if this is no video of ours. Blocks. */
    static Optional<WebmHeader> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(new EbmlElements(ByteBuffer.wrap(in.readNBytes(HEAD_BYTES))));
        }
    }

    static Optional<WebmHeader> read(EbmlElements file) {
        return file.first(Ebml.SEGMENT)
                .flatMap(segment -> segment.content()
                        .first(Ebml.INFO)
                        .flatMap(info -> of(segment.size() != Ebml.UNKNOWN, info.content())));
    }

    private static Optional<WebmHeader> of(boolean finished, EbmlElements info) {
        long nanosPerTick = info.first(Ebml.TIMESTAMP_SCALE)
                .map(EbmlElements.Element::unsigned)
                .orElse(0L);
        double ticks =
                info.first(Ebml.DURATION).map(EbmlElements.Element::decimal).orElse(0.0);
        return info.first(Ebml.TITLE)
                .flatMap(title -> instant(title.text()))
                .map(startedAt ->
                        new WebmHeader(finished, Math.round(ticks * nanosPerTick / NANOS_PER_MILLI), startedAt));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

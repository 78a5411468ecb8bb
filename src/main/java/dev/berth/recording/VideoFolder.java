package dev.berth.recording;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The folder of one recording. Its methods block. */
record VideoFolder(Path path) {
    Path video() {
        return path.resolve("video." + Recorders.EXTENSION);
    }

    /** The copy that a repair writes. */
    Path repaired() {
        return path.resolve("repaired." + Recorders.EXTENSION);
    }

    /** The video, if its encoder came to its end. */
    Optional<Video> finished() throws IOException {
        return video(video());
    }

    /** The size of the video, if its beginning can be read; otherwise 0. */
    long readableBytes() throws IOException {
        return Files.exists(video()) && WebmHeader.read(video()).isPresent() ? Files.size(video()) : 0;
    }

    /**
     * Replaces the video by its repaired copy; empty if there is nothing to see in it. Fails if the copy is not whole, because
     * the disk is full, for example: the video remains as it is.
     */
    Optional<Video> takeRepaired() throws IOException {
        Video copy = video(repaired())
                .orElseThrow(() -> new BerthException(ErrorCode.UNAVAILABLE, "the recording could not be repaired"));
        if (copy.durationMillis() == 0) {
            return Optional.empty();
        }
        Files.move(repaired(), video(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return finished();
    }

    private static Optional<Video> video(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        long bytes = Files.size(file);
        return WebmHeader.read(file)
                .filter(WebmHeader::finished)
                .map(header -> new Video(file, bytes, header.durationMillis(), header.startedAt()));
    }
}

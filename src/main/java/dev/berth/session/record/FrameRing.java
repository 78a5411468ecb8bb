package dev.berth.session.record;

import dev.berth.browser.ScreenFrame;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.recording.Recorder;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest frames of a page, on disk: there they outlive the server, and in the heap those of many sessions would have no room.
 * Bounded in time and bytes. One frame is written at a time; of those that come meanwhile, only the latest is written. Runs on the
 * session's context.
 */
final class FrameRing {
    private static final Logger log = LoggerFactory.getLogger(FrameRing.class);
    static final long SPAN_MILLIS = 30_000;
    static final long MAX_BYTES = 16 << 20;
    private static final int MAX_FRAME_BYTES = 2 << 20;

    private final FlightFolder folder;
    private final Deque<Kept> frames = new ArrayDeque<>();
    private Optional<ScreenFrame> next = Optional.empty();
    private Future<Void> writing;
    /** How many writes have not ended. */
    private int unwritten;

    private long bytes;
    private int players;

    private record Kept(StoredFrame frame, int bytes) {
        Instant at() {
            return frame.at();
        }
    }

    /** @param made completes when the folder exists */
    FrameRing(FlightFolder folder, Future<Void> made) {
        this.folder = folder;
        this.writing = made;
    }

    /** Whether a recording that runs shows all that a ring remembers at {@code end}. */
    static boolean isCovered(ArtifactEntry recording, Instant end) {
        return !recording.timestamp().isAfter(end.minusMillis(SPAN_MILLIS));
    }

    void add(ScreenFrame frame) {
        if (frame.jpeg().length() > MAX_FRAME_BYTES) {
            return;
        }
        boolean first = next.isEmpty();
        next = Optional.of(frame);
        if (first) {
            unwritten++;
            writing = writing.transform(before -> writeNext());
        }
    }

    private Future<Void> writeNext() {
        ScreenFrame frame = next.orElseThrow();
        next = Optional.empty();
        Kept kept = new Kept(new StoredFrame(frame.at()), frame.jpeg().length());
        return folder.write(kept.frame(), frame.jpeg())
                .onComplete(ended -> unwritten--)
                .onSuccess(written -> keep(kept))
                .onFailure(e -> log.debug("a frame could not be written to {}: {}", folder.path(), e.toString()));
    }

    private void keep(Kept kept) {
        frames.add(kept);
        bytes += kept.bytes();
        evict(kept.at());
    }

    /**
     * The first frame that stays may be older: it is what was to be seen then. While frames are played, twice as much stays. A
     * player that is slower than the page misses some.
     */
    private void evict(Instant end) {
        int share = players > 0 ? 2 : 1;
        Instant start = end.minusMillis(share * SPAN_MILLIS);
        while (frames.size() > 1 && (bytes > share * MAX_BYTES || isOver(start))) {
            Kept old = frames.remove();
            bytes -= old.bytes();
            folder.delete(old.frame())
                    .onFailure(e -> log.debug("a frame could not be deleted of {}: {}", folder.path(), e.toString()));
        }
    }

    /** Whether the second frame is from before {@code start} too. */
    private boolean isOver(Instant start) {
        return frames.stream().skip(1).findFirst().orElseThrow().at().isBefore(start);
    }

    boolean isEmpty() {
        return frames.isEmpty() && unwritten == 0;
    }

    /** Feeds what was to be seen in the time before {@code end} to a recorder, once all that came is written. */
    Future<Void> play(Instant end, Recorder recorder) {
        return settled().compose(written -> playKept(end, recorder));
    }

    private Future<Void> playKept(Instant end, Recorder recorder) {
        evict(end);
        players++;
        List<StoredFrame> now = frames.stream().map(Kept::frame).toList();
        return folder.play(now, end.minusMillis(SPAN_MILLIS), recorder).onComplete(played -> played());
    }

    private void played() {
        players--;
        Optional.ofNullable(frames.peekLast()).ifPresent(last -> evict(last.at()));
    }

    /** Completes when nothing is being written. */
    Future<Void> settled() {
        return writing.otherwiseEmpty();
    }
}

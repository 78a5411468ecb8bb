package dev.berth.session.record;

import dev.berth.browser.Screencast;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.SessionId;
import dev.berth.recording.Recorder;
import dev.berth.session.record.FlightFolder.StoredFrame;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what the last half minute of a session looked like, on disk: there the frames outlive the server, and in the heap those of
 * many sessions would have no room. A disk that falls behind loses frames. Runs on the session's context.
 */
final class FlightRecorder {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    static final long SPAN_MILLIS = 30_000;
    static final long MAX_BYTES = 16 << 20;
    private static final int MAX_FRAME_BYTES = 2 << 20;
    private static final int FRAMES_PER_SECOND = 2;
    private static final int MAX_UNWRITTEN = 4;

    private final RecordingFolders folders;
    private final FlightFolder folder;
    private final Screencast.Watching watching;
    private final Deque<Kept> frames = new ArrayDeque<>();
    private Future<Void> writing;
    private String document = "";
    /** How many frames are being written, one after the other. */
    private int unwritten;

    private long bytes;

    private record Kept(StoredFrame frame, int bytes) {}

    FlightRecorder(SessionId id, Viewport size, RecordingFolders folders, Screencast screencast) {
        this.folders = folders;
        this.folder = folders.ofFlight(id, size);
        this.writing = folders.make(folder.path());
        this.watching = screencast.watch(Optional.empty(), FRAMES_PER_SECOND, this::add);
    }

    private void add(ScreenFrame frame) {
        if (frame.jpeg().length() <= MAX_FRAME_BYTES && unwritten < MAX_UNWRITTEN) {
            unwritten++;
            writing = writing.transform(before -> write(frame));
        }
    }

    private Future<Void> write(ScreenFrame frame) {
        boolean cut = frame.cutsFrom(document);
        document = frame.documentId();
        Kept kept = new Kept(new StoredFrame(frame.at(), cut), frame.jpeg().length());
        return folder.write(kept.frame(), frame.jpeg())
                .onComplete(ended -> unwritten--)
                .onSuccess(written -> {
                    frames.add(kept);
                    bytes += kept.bytes();
                    evict(frame.at());
                })
                .onFailure(e -> log.debug("a frame could not be written to {}: {}", folder.path(), e.toString()));
    }

    /** The first frame that stays may be older: it is what was to be seen then. */
    private void evict(Instant end) {
        Instant start = end.minusMillis(SPAN_MILLIS);
        while (frames.size() > 1 && (bytes > MAX_BYTES || isOver(start))) {
            Kept old = frames.remove();
            bytes -= old.bytes();
            folder.delete(old.frame())
                    .onFailure(e -> log.debug("a frame could not be deleted of {}: {}", folder.path(), e.toString()));
        }
    }

    /** Whether the second frame is from before {@code start} too. */
    private boolean isOver(Instant start) {
        return frames.stream().skip(1).findFirst().orElseThrow().frame().at().isBefore(start);
    }

    boolean isEmpty() {
        return frames.isEmpty() && unwritten == 0;
    }

    /**
     * Feeds what was to be seen in the time before {@code end} to a recorder, once all that came is written. An encoder that is slower
     * than the page misses the frames that are forgotten meanwhile.
     */
    Future<Void> play(Instant end, Recorder recorder) {
        return settled().compose(written -> {
            evict(end);
            List<StoredFrame> now = frames.stream().map(Kept::frame).toList();
            return folder.play(now, end.minusMillis(SPAN_MILLIS), recorder);
        });
    }

    private Future<Void> settled() {
        return writing.otherwiseEmpty();
    }

    /** Ends the watch; what it remembers stays until {@link #forget}. */
    void stop() {
        watching.close();
    }

    void forget() {
        settled().onComplete(settled -> folders.delete(folder.path()));
    }
}

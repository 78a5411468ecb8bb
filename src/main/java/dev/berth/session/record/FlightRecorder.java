package dev.berth.session.record;

import dev.berth.browser.Screencast;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.Viewport;
import dev.berth.recording.Recorder;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** Remembers what the last half minute of a session looked like. Runs on the session's context. */
final class FlightRecorder {
    private static final int FRAMES_PER_SECOND = 2;

    private final RecordingFolders folders;
    private final FlightFolder folder;
    private final FrameRing ring;
    private final Screencast.Watching watching;

    FlightRecorder(SessionId id, Viewport size, RecordingFolders folders, Screencast screencast) {
        this.folders = folders;
        this.folder = folders.ofFlight(id, size);
        this.ring = new FrameRing(folder, folders.make(folder.path()));
        this.watching = screencast.watch(Optional.empty(), FRAMES_PER_SECOND, ring::add);
    }

    boolean isEmpty() {
        return ring.isEmpty();
    }

    /** Feeds what it remembers to a recorder. */
    Future<Void> play(Instant end, Recorder recorder) {
        return ring.play(end, recorder);
    }

    /** Ends the watch; what it remembers stays until {@link #forget}. */
    void stop() {
        watching.close();
    }

    void forget() {
        ring.settled().onComplete(settled -> folders.delete(folder.path()));
    }
}

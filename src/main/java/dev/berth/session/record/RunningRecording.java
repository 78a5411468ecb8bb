package dev.berth.session.record;

import dev.berth.browser.Screencast;
import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.recording.Recorder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A recording of the active page, until the recording is told to end or meets a limit. It begins when it was asked for, though an
 * encoder needs a moment to start: until then, the latest frames are held. Runs on the session's context.
 */
final class RunningRecording {
    static final int MAX_HELD = 16;
    private static final int FRAMES_PER_SECOND = 10;
    /** A page that does not paint within this time, as its script does not come to rest, may not be seen at all. */
    private static final long FIRST_MILLIS = 2_000;

    private final Scheduler scheduler;
    private final VideoFile file;
    private final Consumer<String> onLimit;
    private final Instant askedAt;
    private final Deque<ScreenFrame> held = new ArrayDeque<>();
    private final Promise<Void> first = Promise.promise();
    private final Future<Void> seen;
    private final Screencast.Watching watching;
    private final Promise<ArtifactEntry> kept = Promise.promise();
    private Optional<Recorder> recorder = Optional.empty();
    private String document = "";
    /** Set before the recorder finishes, of which it tells like of a limit. */
    private boolean over;

    /** @param onLimit receives the reason, for the user, why the recording must end */
    RunningRecording(Scheduler scheduler, VideoFile file, Screencast screencast, Consumer<String> onLimit) {
        this.scheduler = scheduler;
        this.file = file;
        this.onLimit = onLimit;
        this.askedAt = scheduler.now();
        this.seen = scheduler.within(FIRST_MILLIS, first.future()).otherwiseEmpty();
        this.watching = screencast.watch(Optional.empty(), FRAMES_PER_SECOND, this::came);
    }

    /** Completes with the first picture, or where there is none for too long. */
    Future<Void> seen() {
        return seen;
    }

    private void came(ScreenFrame painted) {
        ScreenFrame frame = painted.notBefore(askedAt);
        if (recorder.isPresent()) {
            write(recorder.get(), frame);
        } else {
            held.add(frame);
            if (held.size() > MAX_HELD) {
                held.remove();
            }
        }
        // Last: whoever waits for the first picture may end the recording.
        first.tryComplete();
    }

    /** Writes the frames that are held, and from now on each one that comes. */
    RunningRecording begin(Recorder started) {
        recorder = Optional.of(started);
        List.copyOf(held).forEach(frame -> write(started, frame));
        held.clear();
        started.ended().onSuccess(ending -> met(ending.message()));
        return this;
    }

    private void write(Recorder to, ScreenFrame frame) {
        boolean cut = frame.cutsFrom(document);
        document = frame.documentId();
        to.write(frame.jpeg(), frame.at(), cut);
        file.grown(to.bytes()).ifPresent(this::met);
    }

    private void met(String limit) {
        if (!over) {
            onLimit.accept(limit);
        }
    }

    ArtifactEntry artifact() {
        return file.artifact();
    }

    /** Ends the recording, once it has a picture. Completes when the file is kept, or known as lost. Memoised. */
    Future<ArtifactEntry> end() {
        if (!over) {
            over = true;
            seen.compose(now -> finish()).onComplete(kept);
        }
        return kept.future();
    }

    private Future<ArtifactEntry> finish() {
        watching.close();
        return file.kept(recorder.orElseThrow().finish(scheduler.now()));
    }

    /** Closes a recording whose encoder could not be started. */
    void close() {
        watching.close();
        held.clear();
    }
}

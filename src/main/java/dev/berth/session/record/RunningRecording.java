package dev.berth.session.record;

import dev.berth.browser.ScreenFrame;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.recording.Recorder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;

/** A recording of the active page, until it is told to end or meets a limit. Runs on the session's context. */
final class RunningRecording {
    static final int FRAMES_PER_SECOND = 10;

    private final Scheduler scheduler;
    private final VideoFile file;
    private final Recorder recorder;
    private final Consumer<String> onLimit;
    private final FrameTap picture;
    private final Promise<ArtifactEntry> kept = Promise.promise();
    /** Set before the recorder finishes, of which it tells like of a limit. */
    private boolean over;

    /** @param onLimit receives the reason, for the user, why the recording must end */
    RunningRecording(
            Scheduler scheduler, VideoFile file, Recorder recorder, FrameTap picture, Consumer<String> onLimit) {
        this.scheduler = scheduler;
        this.file = file;
        this.recorder = recorder;
        this.onLimit = onLimit;
        this.picture = picture;
        picture.to(this::frame);
        recorder.ended().onSuccess(ending -> met(ending.message()));
    }

    private void frame(ScreenFrame frame) {
        recorder.frame(frame.jpeg(), frame.at());
        file.grown(recorder.bytes()).ifPresent(this::met);
    }

    private void met(String limit) {
        if (!over) {
            onLimit.accept(limit);
        }
    }

    ArtifactEntry artifact() {
        return file.artifact();
    }

    /** Ends it, once it has a picture. Completes when the file is kept, or known as lost. Memoised. */
    Future<ArtifactEntry> end() {
        if (!over) {
            over = true;
            picture.seen().compose(seen -> finish()).onComplete(kept);
        }
        return kept.future();
    }

    private Future<ArtifactEntry> finish() {
        picture.close();
        return file.kept(recorder.finish(scheduler.now()));
    }
}

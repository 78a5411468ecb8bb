package dev.berth.session.record;

import dev.berth.limits.CountLimit;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.recording.Recorder;
import dev.berth.recording.Recorders;
import dev.berth.recording.Video;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.KeptBytes;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A video in the making: the artifact that it becomes, its folder, and its part of the session's disk. */
final class VideoFile {
    private static final Logger log = LoggerFactory.getLogger(VideoFile.class);

    private final SessionId id;
    private final ArtifactKeeper keeper;
    private final RecordingFolders folders;
    private final CountLimit<SessionId> places;
    private final ArtifactEntry artifact;
    private final Path folder;
    private final KeptBytes.Growing room;

    VideoFile(SessionId id, ArtifactKeeper keeper, RecordingFolders folders, CountLimit<SessionId> places) {
        this.id = id;
        this.keeper = keeper;
        this.folders = folders;
        this.places = places;
        this.artifact = keeper.draft(ArtifactType.RECORDING, Recorders.EXTENSION);
        this.folder = folders.ofRecording(artifact.objectId());
        this.room = keeper.room();
    }

    ArtifactEntry artifact() {
        return artifact;
    }

    /** Starts an encoder for it, and lists the artifact. To be followed by {@link #kept}, unless it fails. */
    Future<Recorder> begin(Recorders recorders, Viewport size) {
        try {
            places.add(id);
        } catch (BerthException tooMany) {
            return Future.failedFuture(tooMany);
        }
        Optional<String> full = grown(0);
        if (full.isPresent()) {
            places.remove(id);
            return Future.failedFuture(new BerthException(ErrorCode.ACTION_FAILED, full.get()));
        }
        return folders.make(folder)
                .compose(made -> recorders.start(folder, size.width(), size.height()))
                .compose(this::announced)
                .onFailure(e -> discard());
    }

    private Future<Recorder> announced(Recorder recorder) {
        return keeper.announce(artifact)
                .map(recorder)
                .recover(e -> recorder.finish(artifact.timestamp()).transform(ended -> Future.failedFuture(e)));
    }

    /** To be called as it grows. Gives the reason, for the user, why it may not grow further. */
    Optional<String> grown(long bytes) {
        return room.reaches(bytes) ? Optional.empty() : Optional.of("no room for a recording: " + keeper.fullness());
    }

    /**
     * Keeps the video. If there is none, records that the recording is lost. A file that could not be finished or kept stays for
     * the next process.
     */
    Future<ArtifactEntry> kept(Future<Video> finished) {
        return finished.onComplete(ended -> places.remove(id))
                .transform(made -> made.succeeded() ? keep(made.result()) : missed(made.cause()))
                .onSuccess(settled -> folders.delete(folder));
    }

    private Future<ArtifactEntry> keep(Video video) {
        room.settle(video.bytes());
        return keeper.complete(artifact.recorded(video.bytes(), video.startedAt(), video.endedAt()), video.path());
    }

    private Future<ArtifactEntry> missed(Throwable why) {
        return isNothingToSee(why) ? lost(why) : left(why);
    }

    /** Whether a recorder failed because there is no video, and will be none. */
    static boolean isNothingToSee(Throwable why) {
        return why instanceof BerthException known && known.code() == ErrorCode.UPSTREAM;
    }

    /** The disk may be full, or the server is stopping. */
    private Future<ArtifactEntry> left(Throwable why) {
        log.warn(
                "{} recording {} could not be finished; the next start of the server retries: {}",
                id,
                artifact.objectId(),
                why.toString());
        return Future.failedFuture(new BerthException(
                ErrorCode.UPSTREAM,
                "the recording could not be finished; the server tries again at its next start",
                why));
    }

    private Future<ArtifactEntry> lost(Throwable why) {
        log.warn(
                "{} recording {} is lost, because nothing of it could be saved: {}",
                id,
                artifact.objectId(),
                why.toString());
        room.settle(0);
        return keeper.lost(artifact);
    }

    private void discard() {
        places.remove(id);
        room.giveBack();
        folders.delete(folder);
    }
}

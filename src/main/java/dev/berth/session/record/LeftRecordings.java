package dev.berth.session.record;

import dev.berth.artifact.NewArtifact;
import dev.berth.artifact.ObjectStore;
import dev.berth.history.ObjectIndex;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionId;
import dev.berth.recording.Recorder;
import dev.berth.recording.Recorders;
import dev.berth.recording.Video;
import dev.berth.session.record.FlightFolder.StoredFrame;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings that an earlier process of this node did not finish, because it was killed. They are repaired and stored, or listed as
 * lost; frames that flight recorders hold of sessions that died with that process become recordings. One after the other, beside the node's
 * work. Runs on the supervisor's context.
 */
public final class LeftRecordings {
    private static final Logger log = LoggerFactory.getLogger(LeftRecordings.class);
    /** How long the last frame of a flight recorder is shown. */
    private static final long LAST_FRAME_MILLIS = 1_000;

    private final ObjectIndex history;
    private final ObjectStore store;
    private final Recorders recorders;
    private final RecordingFolders folders;

    public LeftRecordings(ObjectIndex history, ObjectStore store, Recorders recorders, RecordingFolders folders) {
        this.history = history;
        this.store = store;
        this.recorders = recorders;
        this.folders = folders;
    }

    /** The files to save: to be found before this process makes recordings of its own. */
    public record Left(List<ArtifactEntry> unfinished, List<Path> recordings, List<Path> flights) {}

    public Future<Left> find(String machineId) {
        return history.unfinished(machineId)
                .compose(unfinished -> folders.allRecordings()
                        .compose(recordings ->
                                folders.allFlights().map(flights -> new Left(unfinished, recordings, flights))));
    }

    /** Completes when all is saved that can be; never fails. */
    public Future<Void> save(Left left) {
        Set<Path> known = left.unfinished().stream()
                .map(artifact -> folders.ofRecording(artifact.objectId()))
                .collect(Collectors.toSet());
        left.recordings().stream().filter(folder -> !known.contains(folder)).forEach(folders::delete);
        Future<Void> saved = Future.succeededFuture();
        for (ArtifactEntry artifact : left.unfinished()) {
            saved = saved.compose(before -> tried(artifact.objectId(), () -> finish(artifact)));
        }
        for (Path flight : left.flights()) {
            saved = saved.compose(before -> tried(flight.getFileName().toString(), () -> land(flight)));
        }
        return saved;
    }

    /** Tries to save a file. A file that can't be saved now, because Postgres or the encoder fails, stays for the next start. */
    private static Future<Void> tried(String what, Supplier<Future<Void>> work) {
        return Future.succeededFuture()
                .compose(now -> work.get())
                .onFailure(e -> log.warn("{}, left by an earlier process, can't be saved now: {}", what, e.toString()))
                .otherwiseEmpty();
    }

    /** An upload that is under way already needs nothing. */
    private Future<Void> finish(ArtifactEntry artifact) {
        Path folder = folders.ofRecording(artifact.objectId());
        return store.isSpooled(artifact.objectKey())
                .compose(spooled -> spooled ? Future.succeededFuture() : repair(artifact, folder))
                .onSuccess(saved -> folders.delete(folder));
    }

    private Future<Void> repair(ArtifactEntry artifact, Path folder) {
        return folders.exists(folder)
                .compose(exists -> exists ? recorders.repair(folder) : Future.succeededFuture(Optional.<Video>empty()))
                .compose(video -> video.map(found -> history.complete(
                                        artifact.recorded(found.bytes(), found.startedAt(), found.endedAt()))
                                .compose(sized -> store(artifact, found)))
                        .orElseGet(() -> lost(artifact)));
    }

    private Future<Void> lost(ArtifactEntry artifact) {
        log.warn(
                "recording {} of an earlier process is lost, because nothing of it could be saved",
                artifact.objectId());
        return history.lost(artifact.objectKey());
    }

    private Future<Void> store(ArtifactEntry artifact, Video video) {
        String key = artifact.objectKey();
        return store.spoolMoved(key, video.path())
                .onSuccess(spooled -> store.upload(key)
                        .onFailure(e -> log.debug("the next start uploads {}: {}", key, e.toString())));
    }

    private Future<Void> land(Path path) {
        return folders.flight(path)
                .map(this::keep)
                .orElse(Future.succeededFuture())
                .onSuccess(landed -> folders.delete(path));
    }

    private Future<Void> keep(FlightFolder flight) {
        return history.isLost(flight.session())
                .compose(lost -> lost ? flight.frames() : Future.succeededFuture(List.<StoredFrame>of()))
                .compose(frames -> frames.isEmpty() ? Future.<Void>succeededFuture() : record(flight, frames));
    }

    private Future<Void> record(FlightFolder flight, List<StoredFrame> frames) {
        SessionId id = flight.session();
        Instant last = frames.get(frames.size() - 1).at();
        ArtifactEntry draft =
                NewArtifact.pending(id, ArtifactType.RECORDING, Recorders.EXTENSION, Optional.empty(), last, 0);
        Path folder = folders.ofRecording(draft.objectId());
        return folders.make(folder)
                .compose(made -> recorders.start(
                        folder, flight.size().width(), flight.size().height()))
                .compose(recorder -> played(flight, frames, last, recorder))
                .compose(video -> video.map(made -> history.announce(
                                        id, draft.recorded(made.bytes(), made.startedAt(), made.endedAt()))
                                .compose(listed -> store(draft, made)))
                        .orElseGet(Future::succeededFuture))
                .onComplete(done -> folders.delete(folder));
    }

    /** Empty where none of the frames can be seen: another try would give no more. */
    private static Future<Optional<Video>> played(
            FlightFolder flight, List<StoredFrame> frames, Instant last, Recorder recorder) {
        return flight.play(frames, last.minusMillis(FlightRecorder.SPAN_MILLIS), recorder)
                .transform(played -> recorder.finish(last.plusMillis(LAST_FRAME_MILLIS)))
                .map(Optional::of)
                .recover(e -> VideoFile.isNothingToSee(e)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(e));
    }
}

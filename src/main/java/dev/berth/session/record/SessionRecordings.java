package dev.berth.session.record;

import dev.berth.browser.Screencast;
import dev.berth.limits.CountLimit;
import dev.berth.loop.PendingWork;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionReply.RecordingResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.recording.Recorders;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The video recordings of one session: at most one at a time, and the flight recorder. Runs on the session's context. */
public final class SessionRecordings {
    private static final Logger log = LoggerFactory.getLogger(SessionRecordings.class);
    /** An encoder that takes longer for its file makes it after the answer. */
    private static final long ANSWER_MILLIS = 5_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final SessionOptions options;
    private final Recorders recorders;
    private final RecordingFolders folders;
    private final ArtifactKeeper keeper;
    private final ActionLog actions;
    private final Supplier<Screencast> screencast;
    private final Consumer<Optional<RecordingInProgress>> onChanged;
    private final PendingWork files = new PendingWork();
    /**
     * A session's places: one encoder that records, and one that finishes, or that writes what the flight recorder remembers. Otherwise one
     * session that starts and stops in a loop could take all encoders of the node.
     */
    private final CountLimit<SessionId> places = new CountLimit<>(
            2,
            "the session is already making 2 recordings, the maximum at a time; try again when one of them is stored");

    /** The recording that runs or is starting. */
    private Optional<Future<RunningRecording>> current = Optional.empty();

    /** Completes when the latest recording has its first picture. */
    private Future<Void> seen = Future.succeededFuture();

    private Optional<RunningRecording> last = Optional.empty();
    private Optional<FlightRecorder> flight = Optional.empty();
    /** The file that the flight recorder's memory is becoming. */
    private Optional<Keeping> keeping = Optional.empty();

    private record Keeping(ArtifactEntry artifact, Future<ArtifactEntry> kept) {}

    /**
     * @param screencast of the session's browser, once that is up
     * @param onChanged receives the recording that is running, whenever that changes
     */
    public SessionRecordings(
            Scheduler scheduler,
            SessionId id,
            SessionOptions options,
            Recorders recorders,
            RecordingFolders folders,
            ArtifactKeeper keeper,
            ActionLog actions,
            Supplier<Screencast> screencast,
            Consumer<Optional<RecordingInProgress>> onChanged) {
        this.scheduler = scheduler;
        this.id = id;
        this.options = options;
        this.recorders = recorders;
        this.folders = folders;
        this.keeper = keeper;
        this.actions = actions;
        this.screencast = screencast;
        this.onChanged = onChanged;
    }

    /** Begins what the session was created with. A failure is an entry of the action log; the session goes on. */
    public void begin() {
        if (options.flightRecorder()) {
            flight = Optional.of(new FlightRecorder(id, options.viewport(), folders, screencast.get()));
        }
        if (options.recording()) {
            start().onFailure(e -> note("start-recording", Map.of(), Optional.of(told(e))));
        }
    }

    /** Starts a recording, unless one is running. */
    public Future<RecordingResult> start() {
        return current.orElseGet(this::startAnother).map(running -> new RecordingResult(true, running.artifact()));
    }

    private Future<RunningRecording> startAnother() {
        VideoFile file = new VideoFile(id, keeper, folders, places);
        RunningRecording recording = new RunningRecording(scheduler, file, screencast.get(), why -> limited(file, why));
        seen = recording.seen();
        Future<RunningRecording> starting =
                file.begin(recorders, options.viewport()).map(recording::begin).onFailure(e -> recording.close());
        current = Optional.of(starting);
        return starting.onSuccess(running -> began(running, isCurrent(starting)))
                .onFailure(e -> unstarted(starting));
    }

    /** Not where it was stopped while it started: another may be the current one by now. */
    private boolean isCurrent(Future<RunningRecording> starting) {
        return current.filter(starting::equals).isPresent();
    }

    private void began(RunningRecording running, boolean goesOn) {
        last = Optional.of(running);
        if (goesOn) {
            ArtifactEntry artifact = running.artifact();
            onChanged.accept(Optional.of(new RecordingInProgress(artifact.objectId(), artifact.timestamp())));
        }
    }

    private void unstarted(Future<RunningRecording> starting) {
        if (isCurrent(starting)) {
            current = Optional.empty();
        }
    }

    private void limited(VideoFile file, String why) {
        log.warn("{} {} was stopped: {}", id, file.artifact().objectId(), why);
        note("stop-recording", of(file.artifact()), Optional.of(why));
        endCurrent();
    }

    private static String told(Throwable e) {
        return e instanceof BerthException known ? known.getMessage() : "the server failed to do it";
    }

    private static Map<String, Object> of(ArtifactEntry artifact) {
        return Map.of("objectId", artifact.objectId());
    }

    /** Logs that a recording began, ended or was kept without being asked to at that moment. */
    private void note(String type, Map<String, Object> details, Optional<String> error) {
        ActionEntry entry = new ActionEntry(
                ActionEntry.newId(),
                type,
                Instant.now(),
                error.isEmpty(),
                details,
                0,
                actions.latestSource(),
                error,
                Cost.NONE);
        files.add(actions.note(entry));
    }

    /** Stops the recording; if none is running, gives the last one. A file that takes long is still pending in the answer. */
    public Future<RecordingResult> stop() {
        Optional<Future<RunningRecording>> stopped = current.or(() -> last.map(Future::succeededFuture));
        endCurrent();
        return stopped.map(starting -> starting.compose(running -> answer(running.artifact(), running.end())))
                .orElseGet(() ->
                        refuse("the session is not being recorded: start a recording with POST …/recording/start"));
    }

    private Future<RecordingResult> answer(ArtifactEntry pending, Future<ArtifactEntry> kept) {
        return scheduler
                .within(ANSWER_MILLIS, kept)
                .recover(e -> e instanceof TimeoutException ? Future.succeededFuture(pending) : Future.failedFuture(e))
                .map(artifact -> new RecordingResult(false, artifact));
    }

    private void endCurrent() {
        current.ifPresent(running -> {
            files.add(running.compose(RunningRecording::end));
            onChanged.accept(Optional.empty());
        });
        current = Optional.empty();
    }

    /** Makes a recording of what the flight recorder remembers. */
    public Future<RecordingResult> keep() {
        if (flight.isEmpty()) {
            return refuse("the session has no flight recorder: create it with options.flightRecorder");
        }
        if (flight.get().isEmpty()) {
            return refuse("the flight recorder has not recorded anything yet");
        }
        Keeping file = keeping.orElseGet(() -> keep(flight.get()));
        return answer(file.artifact(), file.kept());
    }

    private Keeping keep(FlightRecorder memory) {
        VideoFile video = new VideoFile(id, keeper, folders, places);
        Future<ArtifactEntry> kept = video.begin(recorders, options.viewport())
                .compose(recorder -> video.kept(
                        memory.play(scheduler.now(), recorder).transform(played -> recorder.finish(scheduler.now()))));
        files.add(kept);
        Keeping file = new Keeping(video.artifact(), kept);
        keeping = Optional.of(file);
        kept.onComplete(done -> keeping = Optional.empty());
        return file;
    }

    private static Future<RecordingResult> refuse(String why) {
        return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, why));
    }

    /**
     * Stops all recording.
     *
     * @param failed whether the session ends badly: then what the flight recorder remembers is kept
     * @param unwanted whether no recording is kept
     */
    public void end(boolean failed, boolean unwanted) {
        if (unwanted) {
            drop();
        } else {
            current.ifPresent(running -> running.onSuccess(this::noteUnlessKept));
        }
        endCurrent();
        flight.ifPresent(memory -> {
            memory.stop();
            Future<?> kept = failed && !memory.isEmpty() ? keepLast(memory) : beingKept();
            kept.onComplete(done -> memory.forget());
        });
    }

    /** Removes all recordings, once the file of the last one is finished. */
    private void drop() {
        Future<?> finished = current.<Future<?>>map(running -> running.compose(RunningRecording::end))
                .orElseGet(Future::succeededFuture);
        files.add(finished.transform(ended -> Future.join(keeper.list().artifacts().stream()
                .filter(artifact -> artifact.type() == ArtifactType.RECORDING)
                .map(this::remove)
                .toList())));
    }

    private Future<Void> remove(ArtifactEntry artifact) {
        return keeper.remove(artifact)
                .onFailure(e -> log.warn("{} {} could not be removed: {}", id, artifact.objectId(), e.toString()));
    }

    /** A client that ends the session is not told of its recording. */
    private void noteUnlessKept(RunningRecording running) {
        scheduler
                .within(ANSWER_MILLIS, running.end())
                .onFailure(e -> note(
                        "stop-recording",
                        of(running.artifact()),
                        Optional.of(
                                e instanceof TimeoutException
                                        ? "its encoder has not finished the file within 5 s"
                                        : told(e))));
    }

    /** The recording that a client asked for just before the end, which is still read from the flight recorder's memory. */
    private Future<?> beingKept() {
        return keeping.<Future<?>>map(Keeping::kept).orElse(Future.succeededFuture());
    }

    private Future<?> keepLast(FlightRecorder memory) {
        return keeping.orElseGet(() -> keep(memory))
                .kept()
                .onSuccess(artifact -> note("keep-recording", of(artifact), Optional.empty()))
                .onFailure(e ->
                        log.warn("{} the pictures of its flight recorder could not be kept: {}", id, e.toString()));
    }

    /** Completes when the latest recording has a picture, or its page gives none. */
    public Future<Void> seen() {
        return seen;
    }

    /** Completes when the files of all recordings that have ended are kept, or known as lost. */
    public Future<Void> settled() {
        return files.settled();
    }
}

package dev.berth.recording;

import dev.berth.config.RecordingConfig;
import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recorders that encode with ffmpeg, each with a process of its own. */
public final class FfmpegRecorders implements Recorders {
    private static final Logger log = LoggerFactory.getLogger(FfmpegRecorders.class);
    private static final long REPAIR_MILLIS = 60_000;
    /**
     * Exit codes of a repair that another try may do better: the program could not be started, was killed or told to end (128 and the
     * signal), or ended as it was told to (ffmpeg's own).
     */
    private static final Set<Integer> CUT_OFF = Set.of(126, 127, 137, 143, 255);

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final RecordingConfig config;
    private final WorkerExecutor workers;
    private final Encoders encoders;
    private final UsableFfmpeg ffmpeg;
    /** Places for encoders that are taken. From the number of its place follows the encoder's user id. */
    private final BitSet slots = new BitSet();

    /** The place of what is no recording: the trial, and repairs, one at a time. */
    private final int extraSlot;

    private Future<?> lastRepair = Future.succeededFuture();

    /**
     * @param folder for ffmpeg itself
     * @param searchPath of the commands that confine it
     */
    public FfmpegRecorders(Vertx vertx, Scheduler scheduler, RecordingConfig config, Path folder, String searchPath) {
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.config = config;
        this.extraSlot = config.max();
        this.workers = vertx.createSharedWorkerExecutor("berth-recording", config.max() + 1);
        this.encoders = new Encoders(vertx, workers, searchPath, config.firstUid());
        this.ffmpeg =
                new UsableFfmpeg(vertx.fileSystem(), workers, scheduler, encoders, config.ffmpeg(), folder, extraSlot);
    }

    @Override
    public Future<Void> check() {
        return here(ffmpeg.get()).mapEmpty();
    }

    @Override
    public Future<Recorder> start(Path folder, int width, int height) {
        VideoSize size = VideoSize.of(width, height);
        return here(ffmpeg.get())
                .compose(usable -> takeSlot().stream()
                        .mapToObj(slot -> start(usable, slot, new VideoFolder(folder), size))
                        .findFirst()
                        .orElseGet(this::refuse));
    }

    /** How many encoders run, those of the trial and of repairs left out. */
    public int running() {
        synchronized (slots) {
            return slots.cardinality();
        }
    }

    private OptionalInt takeSlot() {
        synchronized (slots) {
            int free = slots.nextClearBit(0);
            if (free >= config.max()) {
                return OptionalInt.empty();
            }
            slots.set(free);
            return OptionalInt.of(free);
        }
    }

    private void leaveSlot(int slot) {
        synchronized (slots) {
            slots.clear(slot);
        }
    }

    private Future<Recorder> refuse() {
        return Future.failedFuture(new BerthException(
                ErrorCode.LIMIT_REACHED,
                "this node is already recording " + config.max() + " sessions, its maximum (recording.max)"));
    }

    private Future<Recorder> start(Ffmpeg usable, int slot, VideoFolder folder, VideoSize size) {
        Context context = vertx.getOrCreateContext();
        return encoders.start(new Encoders.Work(
                        usable,
                        slot,
                        EncoderCommand.encode(size),
                        ProcessBuilder.Redirect.PIPE,
                        folder.video(),
                        ProcessBuilder.Redirect.DISCARD,
                        config.maxBytes()))
                .onFailure(e -> leaveSlot(slot))
                .onSuccess(encoder -> encoder.exit().onComplete(code -> leaveSlot(slot)))
                .<Recorder>map(encoder -> new VideoRecorder(
                        context,
                        scheduler,
                        encoder,
                        new VideoRecorder.Limits(size, config.maxBytes(), config.maxMillis()),
                        () -> read(folder)))
                .recover(FfmpegRecorders::unstarted);
    }

    private static Future<Recorder> unstarted(Throwable e) {
        log.warn("a video encoder could not be started: {}", e.toString());
        return Future.failedFuture(
                new BerthException(ErrorCode.UNAVAILABLE, "no encoder could be started; see the server's log", e));
    }

    private Future<Video> read(VideoFolder folder) {
        return finishedOrRepaired(folder)
                .compose(video -> video.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(new BerthException(
                                ErrorCode.UPSTREAM, "the encoder failed before it had written anything"))));
    }

    @Override
    public Future<Optional<Video>> repair(Path folder) {
        return finishedOrRepaired(new VideoFolder(folder));
    }

    private Future<Optional<Video>> finishedOrRepaired(VideoFolder folder) {
        return blocking(folder::finished)
                .compose(whole -> whole.isPresent() ? Future.succeededFuture(whole) : repairNext(folder));
    }

    private synchronized Future<Optional<Video>> repairNext(VideoFolder folder) {
        Future<Optional<Video>> next = here(lastRepair.transform(before -> ffmpeg.get()))
                .compose(usable -> blocking(folder::readableBytes)
                        .compose(size ->
                                size == 0 ? Future.succeededFuture(Optional.empty()) : remux(usable, folder, size)));
        lastRepair = next;
        return next;
    }

    /** Copies the pictures into a new file that has a duration and the places that players seek by. */
    private Future<Optional<Video>> remux(Ffmpeg usable, VideoFolder folder, long size) {
        return encoders.start(new Encoders.Work(
                        usable,
                        extraSlot,
                        EncoderCommand.remux(),
                        ProcessBuilder.Redirect.from(folder.video().toFile()),
                        folder.repaired(),
                        ProcessBuilder.Redirect.DISCARD,
                        size))
                .compose(remuxing -> ended(remuxing, REPAIR_MILLIS))
                .compose(code -> blocking(() -> folder.takeRepaired(!CUT_OFF.contains(code))))
                .onSuccess(video -> log.info(
                        "{}: {}",
                        folder.path().getFileName(),
                        video.isPresent()
                                ? "the recording of an earlier process was repaired"
                                : "the recording of an earlier process is unreadable and lost"));
    }

    private Future<Integer> ended(EncoderProcess process, long millis) {
        return scheduler.within(millis, process.exit()).recover(late -> {
            process.kill();
            return process.exit();
        });
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    @Override
    public Future<Void> close() {
        return encoders.close().eventually(ffmpeg::settled).eventually(workers::close);
    }

    /** Completes on the caller's context. */
    private <T> Future<T> here(Future<T> future) {
        return LoopPromise.on(vertx.getOrCreateContext(), future);
    }
}

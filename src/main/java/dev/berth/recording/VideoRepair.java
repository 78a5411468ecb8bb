package dev.berth.recording;

import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a playable video of what a killed encoder left: copies its pictures into a new file that has a duration and the places
 * that players seek by. Any thread may call.
 */
final class VideoRepair {
    private static final Logger log = LoggerFactory.getLogger(VideoRepair.class);
    private static final long MAX_MILLIS = 60_000;

    private static final long MAX_LEFT_MILLIS = 30_000;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Scheduler scheduler;
    private final Encoders encoders;

    VideoRepair(Vertx vertx, WorkerExecutor workers, Scheduler scheduler, Encoders encoders) {
        this.vertx = vertx;
        this.workers = workers;
        this.scheduler = scheduler;
        this.encoders = encoders;
    }

    /**
     * Completes, on the caller's context, when no encoder of an earlier server process writes this recording: its input is closed, and it
     * finishes the video by itself. Kills one that takes too long.
     */
    Future<Void> whenLeft(VideoFolder folder) {
        Context context = vertx.getOrCreateContext();
        String mark = EncoderCommand.mark(folder.name());
        return blocking(() -> ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(mark))
                        .toList())
                .compose(left -> Future.join(
                        left.stream().map(encoder -> ended(context, encoder)).toList()))
                .mapEmpty();
    }

    private Future<Void> ended(Context context, ProcessHandle encoder) {
        Promise<Void> ended = LoopPromise.on(context);
        encoder.onExit().thenAccept(exited -> ended.complete());
        return scheduler.within(MAX_LEFT_MILLIS, ended.future()).recover(late -> {
            encoder.destroyForcibly();
            return ended.future();
        });
    }

    /** Empty if nothing readable is left. Fails if there is, but could not be copied. */
    Future<Optional<Video>> repair(Ffmpeg ffmpeg, int slot, VideoFolder folder) {
        return blocking(folder::readableBytes)
                .compose(size ->
                        size == 0 ? Future.succeededFuture(Optional.empty()) : remux(ffmpeg, slot, folder, size));
    }

    private Future<Optional<Video>> remux(Ffmpeg ffmpeg, int slot, VideoFolder folder, long size) {
        Encoders.Work work = new Encoders.Work(
                ffmpeg,
                slot,
                EncoderCommand.remux(folder.name()),
                ProcessBuilder.Redirect.from(folder.video().toFile()),
                folder.repaired(),
                ProcessBuilder.Redirect.DISCARD,
                size);
        return encoders.start(work)
                .compose(this::end)
                .compose(code -> blocking(folder::takeRepaired))
                .onSuccess(video -> log.info(
                        "{}: {}",
                        folder.name(),
                        video.isPresent()
                                ? "the recording was repaired"
                                : "nothing readable is left of the recording"));
    }

    private Future<Integer> end(EncoderProcess remuxing) {
        return scheduler.within(MAX_MILLIS, remuxing.exit()).recover(late -> {
            remuxing.kill();
            return remuxing.exit();
        });
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }
}

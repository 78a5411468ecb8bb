package dev.berth.recording;

import dev.berth.clock.Scheduler;
import io.vertx.core.Future;
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

    private final WorkerExecutor workers;
    private final Scheduler scheduler;
    private final Encoders encoders;

    VideoRepair(WorkerExecutor workers, Scheduler scheduler, Encoders encoders) {
        this.workers = workers;
        this.scheduler = scheduler;
        this.encoders = encoders;
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
                folder.complaints(),
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

package dev.berth.recording;

import dev.berth.clock.Scheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.util.List;

/** The encoders of an earlier server process: their input is closed, and they finish their videos by themselves. */
final class LeftEncoders {
    private static final long MAX_MILLIS = 30_000;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Scheduler scheduler;

    LeftEncoders(Vertx vertx, WorkerExecutor workers, Scheduler scheduler) {
        this.vertx = vertx;
        this.workers = workers;
        this.scheduler = scheduler;
    }

    /** Completes, on the caller's context, when no process writes this recording any more; kills one that takes too long. */
    Future<Void> gone(VideoFolder folder) {
        Context context = vertx.getOrCreateContext();
        return workers.executeBlocking(() -> of(folder), false)
                .compose(left -> Future.join(
                        left.stream().map(encoder -> gone(context, encoder)).toList()))
                .mapEmpty();
    }

    private static List<ProcessHandle> of(VideoFolder folder) {
        String mark = EncoderCommand.mark(folder.name());
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(mark))
                .toList();
    }

    private Future<Void> gone(Context context, ProcessHandle encoder) {
        Promise<Void> gone = ((ContextInternal) context).promise();
        encoder.onExit().thenAccept(exited -> gone.complete());
        return scheduler.within(MAX_MILLIS, gone.future()).recover(late -> {
            encoder.destroyForcibly();
            return gone.future();
        });
    }
}

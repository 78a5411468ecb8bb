package dev.berth.recording;

import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.recording.WaitingFrames.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Gives the frames of one recording to its encoder, one after another, until it is finished or a limit is reached. On its context. */
final class VideoRecorder implements Recorder {
    /** A larger frame is left out: the densest page of 1920 x 1200 gives 2 MiB. */
    static final int MAX_FRAME_BYTES = 8 << 20;

    /** Limit for waiting frames, in bytes: about a second of a dense page that moves. */
    static final long MAX_WAITING_BYTES = 2 << 20;

    static final long STALL_MILLIS = 30_000;
    static final long FINISH_MILLIS = 30_000;

    /** The rest after which the last frame is written again, a good second later in the video: encoders hold the latest second back. */
    static final long REST_MILLIS = 2_500;

    private static final long REPEAT_MILLIS = 1_001;

    private final Scheduler scheduler;
    private final Encoder encoder;
    private final Limits limits;
    private final Supplier<Future<Video>> file;
    private final WaitingFrames waiting = new WaitingFrames(MAX_WAITING_BYTES);
    private final Promise<VideoEnding> ended;
    private final Promise<Video> video;
    private final Scheduler.Timer timeLimit;

    private Optional<VideoTime> time = Optional.empty();
    private Buffer header = Buffer.buffer();
    private Buffer lastJpeg = Buffer.buffer();
    private Scheduler.Timer rest = () -> {};
    private boolean writing;
    private boolean closed;
    private volatile long bytes;

    /** @param maxBytes when the file has so many, it is finished */
    record Limits(VideoSize size, long maxBytes, long maxMillis) {}

    /** @param file reads the file that the encoder left, and repairs it first if the encoder did not finish it */
    VideoRecorder(Context context, Scheduler scheduler, Encoder encoder, Limits limits, Supplier<Future<Video>> file) {
        this.scheduler = scheduler;
        this.encoder = encoder;
        this.limits = limits;
        this.file = file;
        this.ended = LoopPromise.on(context);
        this.video = LoopPromise.on(context);
        this.timeLimit = scheduler.after(limits.maxMillis(), () -> endAt(scheduler.now(), VideoEnding.TIME_LIMIT));
        encoder.exit().onSuccess(code -> lose());
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Future<VideoEnding> ended() {
        return ended.future();
    }

    @Override
    public Future<Void> write(Buffer jpeg, Instant at, boolean cut) {
        if (isEnded()) {
            return Future.failedFuture(ended.future().result().message());
        }
        return jpeg.length() > MAX_FRAME_BYTES ? Future.succeededFuture() : add(jpeg, at, cut);
    }

    private boolean isEnded() {
        return ended.future().isComplete();
    }

    private Future<Void> add(Buffer jpeg, Instant at, boolean cut) {
        VideoTime placing = time.orElseGet(() -> begin(at));
        long millis = placing.place(at, scheduler.now(), cut);
        if (millis > limits.maxMillis()) {
            end(VideoEnding.TIME_LIMIT);
            return Future.succeededFuture();
        }
        rest.cancel();
        rest = scheduler.after(REST_MILLIS, () -> enqueue(lastJpeg, placing.placeAfter(REPEAT_MILLIS)));
        return enqueue(jpeg, millis);
    }

    private VideoTime begin(Instant at) {
        VideoTime begun = new VideoTime(at, scheduler.now());
        time = Optional.of(begun);
        header = FrameStream.header(limits.size(), begun.startedAt());
        return begun;
    }

    private Future<Void> enqueue(Buffer jpeg, long millis) {
        lastJpeg = jpeg;
        Promise<Void> taken = Promise.promise();
        waiting.add(new Frame(millis, jpeg, taken));
        pump();
        return taken.future();
    }

    private void pump() {
        if (!writing) {
            waiting.poll().ifPresentOrElse(this::writeNow, this::closeIfEnded);
        }
    }

    private void writeNow(Frame frame) {
        writing = true;
        Buffer head = header.appendBuffer(
                FrameStream.frameHead(frame.millis(), frame.jpeg().length()));
        header = Buffer.buffer();
        scheduler.within(STALL_MILLIS, encoder.write(head, frame.jpeg())).onComplete(written -> {
            writing = false;
            if (written.succeeded()) {
                frame.taken().tryComplete();
                grow(written.result());
            } else {
                frame.taken().tryFail(VideoEnding.ENCODER_LOST.message());
                lose();
            }
        });
    }

    private void grow(long size) {
        bytes = size;
        if (size >= limits.maxBytes()) {
            waiting.clear(VideoEnding.SIZE_LIMIT.message());
            end(VideoEnding.SIZE_LIMIT);
        }
        pump();
    }

    /** Gives up an encoder that has ended by itself, or hangs. */
    private void lose() {
        encoder.kill();
        waiting.clear(VideoEnding.ENCODER_LOST.message());
        end(VideoEnding.ENCODER_LOST);
    }

    @Override
    public Future<Video> finish(Instant end) {
        endAt(end, VideoEnding.FINISHED);
        return video.future();
    }

    private void endAt(Instant at, VideoEnding ending) {
        if (!isEnded()) {
            time.ifPresent(placing -> enqueue(lastJpeg, placing.place(at, scheduler.now(), false)));
            end(ending);
        }
    }

    /** Closes the encoder too, once it has what waits. */
    private void end(VideoEnding ending) {
        timeLimit.cancel();
        rest.cancel();
        ended.tryComplete(ending);
        pump();
    }

    private void closeIfEnded() {
        if (isEnded() && !closed) {
            closed = true;
            close().compose(exited -> read()).onComplete(video);
        }
    }

    /** Completes when the encoder has exited: by itself, unless that takes too long. */
    private Future<Integer> close() {
        if (time.isEmpty()) {
            encoder.kill(); // it has nothing to finish
        }
        return scheduler
                .within(FINISH_MILLIS, encoder.closeInput().transform(done -> encoder.exit()))
                .recover(late -> {
                    encoder.kill();
                    return encoder.exit();
                });
    }

    private Future<Video> read() {
        return time.isEmpty()
                ? Future.failedFuture(
                        new BerthException(ErrorCode.UPSTREAM, "the page painted nothing while it was recorded"))
                : file.get();
    }

    /**
     * Places frames in a video: its first frame is at 0, times rise, and none is in the future, whatever the browser's clock does. Cuts
     * are at odd milliseconds, by which the encoder knows them, and all others at even ones.
     */
    private static final class VideoTime {
        private final Instant startedAt;
        private long lastMillis = -1;

        VideoTime(Instant first, Instant now) {
            this.startedAt = earlier(first, now);
        }

        Instant startedAt() {
            return startedAt;
        }

        /** The place of a frame that was painted at {@code at}, in milliseconds. */
        long place(Instant at, Instant now, boolean cut) {
            return placeAt(Duration.between(startedAt, earlier(at, now)).toMillis(), cut);
        }

        /** The place of a frame that follows the last one after {@code millis}. */
        long placeAfter(long millis) {
            return placeAt(lastMillis + millis, false);
        }

        private long placeAt(long millis, boolean cut) {
            long next = Math.max(lastMillis + 1, millis);
            lastMillis = next % 2 == (cut ? 1 : 0) ? next : next + 1;
            return lastMillis;
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }
    }
}

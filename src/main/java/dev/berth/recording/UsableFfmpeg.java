package dev.berth.recording;

import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ffmpeg of this node. It is looked for, unpacked and tried when it is first asked for. Where that fails, it is done again when
 * it is needed a minute later. Any thread may call.
 */
final class UsableFfmpeg {
    private static final Logger log = LoggerFactory.getLogger(UsableFfmpeg.class);
    /** Unpacking writes tens of MB: users may not ask for that as often as they like. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long TRIAL_MILLIS = 10_000;
    private static final long TRIAL_BYTES = 1 << 20;
    private static final VideoSize TRIAL_SIZE = new VideoSize(16, 16);

    /** A grey square of 16 x 16. */
    private static final Buffer TRIAL_JPEG =
            Buffer.buffer(Base64.getMimeDecoder().decode("""
            /9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgHBwcGBgcHCAgICAkJCQgICAgJCQoKCgwM
            CwsODg4RERT/xABKAAEAAAAAAAAAAAAAAAAAAAAAAQEAAAAAAAAAAAAAAAAAAAAAEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAA
            AAAA/8AAEQgAEAAQAwEiAAIRAAMRAP/aAAwDAQACEQMRAD8AAA//2Q==
            """));

    private final FileSystem files;
    private final WorkerExecutor workers;
    private final Scheduler scheduler;
    private final Encoders encoders;
    private final Optional<Path> configured;
    private final Path folder;
    private final int slot;
    private Future<Ffmpeg> found = Future.failedFuture("not looked for yet");
    private volatile long failedNanos;

    /**
     * @param configured an executable to use instead of the one that comes with Berth
     * @param folder for the one that comes with Berth; the trial has one beside it
     * @param slot for the trial
     */
    UsableFfmpeg(
            FileSystem files,
            WorkerExecutor workers,
            Scheduler scheduler,
            Encoders encoders,
            Optional<Path> configured,
            Path folder,
            int slot) {
        this.files = files;
        this.workers = workers;
        this.scheduler = scheduler;
        this.encoders = encoders;
        this.configured = configured;
        this.folder = folder;
        this.slot = slot;
        this.failedNanos = scheduler.nanos() - AGAIN_NANOS;
    }

    /** Fails with {@code unavailable} and a reason for users. May complete on another context than the caller's. */
    synchronized Future<Ffmpeg> get() {
        if (found.failed() && scheduler.nanos() - failedNanos >= AGAIN_NANOS) {
            String trial = folder.resolveSibling("ffmpeg-trial").toString();
            found = workers.executeBlocking(this::find, false)
                    .compose(ffmpeg -> files.mkdirs(trial)
                            .compose(made -> tryOut(ffmpeg, new VideoFolder(Path.of(trial))))
                            .eventually(() -> files.deleteRecursive(trial)))
                    .recover(this::refuse);
        }
        return found;
    }

    /** Completes when nothing is under way. */
    synchronized Future<Void> settled() {
        return found.<Void>mapEmpty().otherwiseEmpty();
    }

    private Ffmpeg find() throws IOException {
        if (configured.isPresent()) {
            return Ffmpeg.at(configured.get());
        }
        if (!BundledFfmpeg.isForThisMachine()) {
            throw unavailable("Berth comes with an encoder for Linux on x86-64 only: set BERTH_FFMPEG_PATH");
        }
        return new BundledFfmpeg(folder).unpack();
    }

    /** Encodes a picture just as recordings do, so that what is missing is told before one begins. */
    private Future<Ffmpeg> tryOut(Ffmpeg ffmpeg, VideoFolder folder) {
        return encoders.start(new Encoders.Work(
                        ffmpeg,
                        slot,
                        EncoderCommand.encode(TRIAL_SIZE),
                        ProcessBuilder.Redirect.PIPE,
                        folder.video(),
                        ProcessBuilder.Redirect.to(complaints(folder).toFile()),
                        TRIAL_BYTES))
                .compose(this::encodeTrial)
                .compose(code -> workers.executeBlocking(() -> judge(ffmpeg, folder, code), false));
    }

    private Future<Integer> encodeTrial(EncoderProcess process) {
        Buffer head = FrameStream.header(TRIAL_SIZE, Instant.EPOCH)
                .appendBuffer(FrameStream.frameHead(0, TRIAL_JPEG.length()));
        Future<Integer> exit = process.write(head, TRIAL_JPEG)
                .transform(written -> process.closeInput())
                .transform(closed -> process.exit());
        return scheduler.within(TRIAL_MILLIS, exit).recover(late -> {
            process.kill();
            return process.exit();
        });
    }

    private static Ffmpeg judge(Ffmpeg ffmpeg, VideoFolder folder, int code) throws IOException {
        if (folder.finished().isEmpty()) {
            throw new IOException("ffmpeg does not work here: it exited with code " + code + ". "
                    + EncoderProcess.told(complaints(folder)));
        }
        return ffmpeg;
    }

    private static Path complaints(VideoFolder folder) {
        return folder.path().resolve("encoder.log");
    }

    /** The cause may contain a path of this machine, so only the log gets it. */
    private Future<Ffmpeg> refuse(Throwable e) {
        log.warn("sessions can't be recorded: {}", e.toString());
        failedNanos = scheduler.nanos();
        return Future.failedFuture(
                e instanceof BerthException ? e : unavailable("its encoder does not work; see the server's log"));
    }

    private static BerthException unavailable(String why) {
        return new BerthException(ErrorCode.UNAVAILABLE, "this node can't record: " + why);
    }
}

package dev.berth.fake;

import dev.berth.recording.Recorder;
import dev.berth.recording.Recorders;
import dev.berth.recording.Video;
import dev.berth.recording.VideoEnding;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Encoders that make nothing, which a test can let fail or hang, call by call. */
public final class FakeRecorders implements Recorders {
    public final List<Made> started = new CopyOnWriteArrayList<>();
    private volatile Function<String, Future<Void>> outcome = call -> Future.succeededFuture();
    private volatile Optional<Video> repaired = Optional.empty();

    /** @param newOutcome gives what comes of a call, by its name: {@code start}, {@code write}, {@code finish}, {@code repair} */
    public void outcome(Function<String, Future<Void>> newOutcome) {
        outcome = newOutcome;
    }

    /** What repairs find from now on. */
    public void finds(long bytes) {
        repaired = Optional.of(video(Path.of("/repaired"), bytes));
    }

    private static Video video(Path folder, long bytes) {
        return new Video(folder.resolve("video.webm"), bytes, 1_000, Instant.EPOCH);
    }

    @Override
    public Future<Void> check() {
        return outcome.apply("check");
    }

    @Override
    public Future<Recorder> start(Path folder, int width, int height) {
        return outcome.apply("start").map(done -> {
            Made made = new Made(folder);
            started.add(made);
            return made;
        });
    }

    @Override
    public Future<Optional<Video>> repair(Path folder) {
        return outcome.apply("repair").map(done -> repaired);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** A recorder that was started. */
    public final class Made implements Recorder {
        public final Path folder;
        /** The times and texts of its frames. */
        public final List<String> frames = new CopyOnWriteArrayList<>();

        private final Promise<VideoEnding> ended = Promise.promise();
        private volatile long bytes;
        private volatile Optional<Instant> end = Optional.empty();

        private Made(Path folder) {
            this.folder = folder;
        }

        public void grow(long newBytes) {
            bytes = newBytes;
        }

        public void meets(VideoEnding limit) {
            ended.complete(limit);
        }

        /** Until when it was told to show the last frame. */
        public Optional<Instant> end() {
            return end;
        }

        @Override
        public Future<Void> write(Buffer jpeg, Instant at, boolean cut) {
            frames.add(at.toEpochMilli() + " " + jpeg);
            return outcome.apply("write");
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
        public Future<Video> finish(Instant last) {
            end = Optional.of(last);
            ended.tryComplete(VideoEnding.FINISHED);
            return outcome.apply("finish").map(done -> video(folder, Math.max(1, bytes)));
        }
    }
}

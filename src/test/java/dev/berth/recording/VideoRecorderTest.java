package dev.berth.recording;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.HandScheduler;
import dev.berth.recording.EbmlElements.Element;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VideoRecorderTest {
    private static final long MAX_BYTES = 10_000;
    private static final long MAX_MILLIS = 60_000;
    private static final VideoSize SIZE = new VideoSize(1280, 720);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HandScheduler clock = new HandScheduler();
    private final FakeEncoder encoder = new FakeEncoder();
    private int reads;
    private VideoRecorder recorder;

    @BeforeEach
    void record() throws Exception {
        recorder = await(on(
                context,
                () -> new VideoRecorder(
                        context, clock, encoder, new VideoRecorder.Limits(SIZE, MAX_BYTES, MAX_MILLIS), this::read)));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void timesRiseWhateverTheBrowsersClockDoes() throws Exception {
        clock.advance(1_000);
        frames(at(500), at(400), at(500), at(3_600_000), at(900));
        assertThat(encoder.times).containsExactly(0L, 2L, 4L, 500L, 502L);
    }

    @Test
    void aFrameThatIsTooLargeIsLeftOut() throws Exception {
        frame(Buffer.buffer(new byte[VideoRecorder.MAX_FRAME_BYTES + 1]), at(0));
        assertThat(encoder.times).isEmpty();
    }

    @Test
    void whoWritesHearsWhenTheNextFrameMayCome() throws Exception {
        encoder.hold();
        Future<Void> written = await(on(context, () -> recorder.write(Buffer.buffer("1"), at(0), false)));
        assertThat(written.isComplete()).isFalse();
        encoder.release();
        await(written);
    }

    @Test
    void afterAWhileOfRestTheLastFrameIsWrittenOnceMore() throws Exception {
        frames(at(0));
        clock.advance(VideoRecorder.REST_MILLIS - 1);
        assertThat(encoder.times).containsExactly(0L);
        clock.advance(10_000);
        frames(clock.now());
        assertThat(encoder.times).containsExactly(0L, 1_002L, VideoRecorder.REST_MILLIS + 10_000);
    }

    @Test
    void aSecondFinishGivesTheSameVideo() throws Exception {
        frames(at(0));
        Future<Video> first = finish(at(0));
        encoder.exit(0);
        assertThat(await(finish(at(1)))).isSameAs(await(first));
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void finishingWaitsForFramesThatTheEncoderHasNotTaken() throws Exception {
        encoder.hold();
        frames(at(0));
        finish(at(0));
        assertThat(encoder.inputClosed).isFalse();
        while (encoder.isHolding()) {
            encoder.release();
        }
        assertThat(encoder.inputClosed).isTrue();
    }

    @Test
    void theLongestTimeEndsItWithTheLastFrameShownUntilThen() throws Exception {
        frames(at(0));
        clock.advance(MAX_MILLIS);
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.TIME_LIMIT);
        assertThat(encoder.times).endsWith(MAX_MILLIS);
        encoder.exit(0);
        await(finish(at(MAX_MILLIS + 5)));
        assertThat(reads).isEqualTo(1);
    }

    /** The first frame may be older than the recorder, whose time then ends later than that of the video. */
    @Test
    void aFrameAfterTheLongestTimeEndsIt() throws Exception {
        clock.advance(MAX_MILLIS - 1);
        frames(at(-2), clock.now());
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.TIME_LIMIT);
        assertThat(encoder.times).containsExactly(0L);
        assertThat(encoder.inputClosed).isTrue();
        encoder.exit(0);
        await(finish(clock.now()));
        assertThat(reads).isEqualTo(1);
        assertThat(clock.timers()).isZero();
    }

    @Test
    void anEncoderThatTakesNothingIsKilled() throws Exception {
        encoder.hold();
        frames(at(0));
        clock.advance(VideoRecorder.STALL_MILLIS);
        assertThat(encoder.killed).isTrue();
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.ENCODER_LOST);
    }

    @Test
    void anEncoderThatDoesNotFinishIsKilled() throws Exception {
        frames(at(0));
        Future<Video> video = finish(at(0));
        clock.advance(VideoRecorder.FINISH_MILLIS);
        assertThat(encoder.killed).isTrue();
        await(video);
        assertThat(reads).isEqualTo(1);
    }

    private Future<Video> finish(Instant end) throws Exception {
        return await(on(context, () -> recorder.finish(end)));
    }

    private void frames(Instant... at) throws Exception {
        for (Instant one : at) {
            frame(Buffer.buffer("jpeg"), one);
        }
    }

    private void frame(Buffer jpeg, Instant at) throws Exception {
        await(on(context, () -> {
            recorder.write(jpeg, at, false);
            return null;
        }));
        settle();
    }

    /** What was completed on the context is handled. */
    private void settle() throws Exception {
        await(on(context, () -> null));
    }

    private static Instant at(long millis) {
        return Instant.parse("2026-01-01T00:00:00Z").plusMillis(millis);
    }

    private Future<Video> read() {
        reads++;
        return Future.succeededFuture(new Video(Path.of("video"), 1, 1, at(0)));
    }

    /** Takes frames at once, or when it is told to. */
    private final class FakeEncoder implements Encoder {
        private final List<Long> times = new ArrayList<>();
        private final Promise<Integer> exit = Promise.promise();
        private final List<Promise<Long>> held = new ArrayList<>();
        private Instant startedAt;
        private long size = 100;
        private boolean holding;
        private boolean inputClosed;
        private boolean killed;

        @Override
        public Future<Long> write(Buffer head, Buffer content) {
            EbmlElements stream = new EbmlElements(
                    ByteBuffer.wrap(head.copy().appendBuffer(content).getBytes()));
            stream.first(Ebml.SEGMENT)
                    .flatMap(segment -> segment.content().first(Ebml.INFO))
                    .flatMap(info -> info.content().first(Ebml.TITLE))
                    .ifPresent(title -> startedAt = Instant.parse(title.text()));
            EbmlElements from = stream.first(Ebml.SEGMENT).map(Element::content).orElse(stream);
            times.add(from.first(Ebml.CLUSTER)
                    .flatMap(cluster -> cluster.content().first(Ebml.TIMESTAMP))
                    .orElseThrow()
                    .unsigned());
            if (!holding) {
                return Future.succeededFuture(size);
            }
            held.add(Promise.promise());
            return held.get(held.size() - 1).future();
        }

        private void hold() {
            holding = true;
        }

        private boolean isHolding() {
            return !held.isEmpty();
        }

        private void release() throws Exception {
            Promise<Long> next = held.remove(0);
            await(on(context, () -> next.tryComplete(size)));
            settle();
        }

        @Override
        public Future<Void> closeInput() {
            inputClosed = true;
            return Future.succeededFuture();
        }

        private void exit(int code) throws Exception {
            await(on(context, () -> exit.tryComplete(code)));
            settle();
        }

        @Override
        public Future<Integer> exit() {
            return exit.future();
        }

        @Override
        public void kill() {
            killed = true;
            exit.tryComplete(137);
        }
    }
}

package dev.berth.recording;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.berth.config.RecordingConfig;
import dev.berth.config.RecordingConfig.Recorded;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real encoder and a real decoder. */
class FfmpegRecordersTest {
    private static final int FIRST_UID = 60_880;
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir
    static Path shared;

    private static Vertx vertx;

    private final Context context = vertx.getOrCreateContext();
    private FfmpegRecorders recorders = recorders(2, 64);

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void shut() throws Exception {
        await(vertx.close());
    }

    @AfterEach
    void close() throws Exception {
        await(recorders.close());
    }

    @Test
    void aVideoHasTheFramesAtTheirTimes() throws Exception {
        Recorder recorder = start(folder(), 320, 240);
        write(recorder, Color.RED, 0);
        write(recorder, Color.GREEN, 40);
        writeJpeg(recorder, Pictures.plain(Color.BLUE, 320, 240), 1_337, true);
        write(recorder, Color.RED, 10 * 60_000);
        Video video = finish(recorder, 10 * 60_000 + 5_000);
        assertThat(video.durationMillis()).isCloseTo(10 * 60_000 + 5_000, within(5L));
        assertThat(video.startedAt()).isEqualTo(START);
        assertThat(video.bytes()).isEqualTo(Files.size(video.path()));
        Decoded decoded = decoded(video);
        assertThat(decoded.durationMillis()).isEqualTo(video.durationMillis());
        assertThat(decoded.frames())
                .extracting(Decoded.Shown::millis)
                .containsExactly(0L, 40L, 1_337L, 600_000L, 605_000L);
        assertThat(decoded.frames()).extracting(Decoded.Shown::middle).containsExactly('r', 'g', 'b', 'r', 'r');
        assertThat(decoded.keys()).as("cuts, and frames after a rest").containsExactly(0L, 1_337L, 600_000L, 605_000L);
    }

    @Test
    void playersCanBeginEveryFiveSeconds() throws Exception {
        Recorder recorder = start(folder(), 160, 120);
        for (int i = 0; i < 120; i++) {
            write(recorder, i % 2 == 0 ? Color.RED : Color.BLUE, i * 100);
        }
        assertThat(decoded(finish(recorder, 12_000)).keys()).contains(0L, 5_000L, 10_000L);
    }

    @Test
    void anotherSizeIsFittedIntoTheFirst() throws Exception {
        Recorder recorder = start(folder(), 321, 240);
        write(recorder, Color.RED, 0);
        writeJpeg(recorder, Pictures.plain(Color.GREEN, 200, 800), 100, false);
        writeJpeg(recorder, Pictures.plain(Color.BLUE, 1_920, 1_080), 200, false);
        Video video = finish(recorder, 300);
        List<Decoded.Shown> frames = decoded(video).frames();
        assertThat(frames).extracting(Decoded.Shown::middle).containsExactly('r', 'g', 'b', 'b');
        assertThat(frames.get(1).colour(1, 8)).isEqualTo('k');
        assertThat(frames.get(1).colour(8, 1)).isEqualTo('g');
        assertThat(frames.get(2).colour(1, 8)).isEqualTo('b');
        assertThat(frames.get(2).colour(8, 0)).isEqualTo('k');
    }

    @Test
    void whatIsNoPictureIsLeftOut() throws Exception {
        Recorder recorder = start(folder(), 320, 240);
        write(recorder, Color.RED, 0);
        for (int i = 0; i < 200; i++) {
            writeJpeg(recorder, Buffer.buffer("no jpeg at all, for the decoder to complain about"), 100 + i, false);
        }
        writeJpeg(recorder, Pictures.plain(Color.RED, 320, 240).slice(0, 300), 500, false);
        write(recorder, Color.BLUE, 1_000);
        assertThat(decoded(finish(recorder, 2_000)).frames())
                .extracting(Decoded.Shown::middle)
                .startsWith('r')
                .endsWith('b', 'b');
    }

    @Test
    void aKilledEncoderIsNoticedAndItsVideoRepaired() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        record(recorder, 100);
        encoderOf(folder).destroyForcibly();
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.ENCODER_LOST);
        Video video = finish(recorder, 20_000);
        assertThat(video.startedAt()).isEqualTo(START);
        // What it had not written yet is lost.
        assertThat(video.durationMillis()).isBetween(500L, 10_000L);
        Decoded decoded = decoded(video);
        assertThat(decoded.durationMillis()).isEqualTo(video.durationMillis());
        assertThat(decoded.keys()).contains(0L);
    }

    @Test
    void aVideoThatWasCutIsRepaired() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        record(recorder, 100);
        Video whole = finish(recorder, 10_000);
        unfinished(whole.path());
        try (RandomAccessFile file = new RandomAccessFile(whole.path().toFile(), "rw")) {
            file.setLength(whole.bytes() * 2 / 3);
        }
        Video video = await(recorders.repair(folder)).orElseThrow();
        assertThat(video.durationMillis()).isBetween(4_000L, 9_000L);
        assertThat(decoded(video).frames()).hasSizeBetween(40, 90);
    }

    /** As of a still page, whose first picture the encoder still has. Another try would give no more. */
    @Test
    void aVideoThatWasCutBeforeItsFirstPictureIsNone() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        write(recorder, Color.RED, 0);
        Video whole = finish(recorder, 1_000);
        unfinished(whole.path());
        byte[] bytes = Files.readAllBytes(whole.path());
        byte[] cluster = {0x1F, 0x43, (byte) 0xB6, 0x75};
        int header = IntStream.range(0, bytes.length)
                .filter(at -> Arrays.equals(bytes, at, Math.min(at + 4, bytes.length), cluster, 0, 4))
                .findFirst()
                .orElseThrow();
        for (int length : List.of(header, header + 4, header + 12, header + 20, header + 40)) {
            Files.write(whole.path(), Arrays.copyOf(bytes, length));
            assertThat(await(recorders.repair(folder)))
                    .as(length + " of " + bytes.length)
                    .isEmpty();
        }
    }

    @Test
    void anUnreadableRestIsNoVideo() throws Exception {
        Path folder = folder();
        assertThat(await(recorders.repair(folder))).isEmpty();
        Files.write(new VideoFolder(folder).video(), new byte[0]);
        assertThat(await(recorders.repair(folder))).isEmpty();
        Files.write(new VideoFolder(folder).video(), new byte[100_000]);
        assertThat(await(recorders.repair(folder))).isEmpty();
    }

    @Test
    void anEncoderThatStandsStillGetsFewerFramesAndTheNewest() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        write(recorder, Color.RED, 0);
        signal("STOP", folder);
        Buffer noise = Pictures.noise(1, 320, 240);
        for (int i = 1; i <= 200; i++) {
            Instant at = START.plusMillis(i * 10);
            await(on(context, () -> {
                recorder.write(noise, at, false);
                return null;
            }));
        }
        Buffer blue = Pictures.plain(Color.BLUE, 320, 240);
        await(on(context, () -> {
            recorder.write(blue, START.plusMillis(5_000), false);
            return null;
        }));
        signal("CONT", folder);
        List<Decoded.Shown> frames = decoded(finish(recorder, 5_000)).frames();
        assertThat(frames).hasSizeLessThan(150);
        assertThat(frames.get(frames.size() - 2).middle()).isEqualTo('b');
        assertThat(frames.get(frames.size() - 2).millis()).isEqualTo(5_000);
    }

    @Test
    void theFileIsFinishedAtItsLimit() throws Exception {
        await(recorders.close());
        recorders = recorders(1, 1);
        Recorder recorder = start(folder(), 640, 480);
        Buffer[] noise = {Pictures.noise(1, 640, 480), Pictures.noise(2, 640, 480)};
        int written = 0;
        while (!recorder.ended().isComplete()) {
            recorderFrame(recorder, noise[written % 2], 500 * written);
            written++;
        }
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.SIZE_LIMIT);
        Video video = finish(recorder, HOUR_MILLIS);
        assertThat(video.bytes()).isBetween(1L << 20, 8L << 20);
        assertThat(video.durationMillis()).isLessThan(500L * written);
    }

    @Test
    void noMoreRecordAtOnceThanTheLimit() throws Exception {
        Recorder first = start(folder(), 320, 240);
        start(folder(), 320, 240);
        assertThatThrownBy(() -> start(folder(), 320, 240))
                .cause()
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        write(first, Color.RED, 0);
        finish(first, 1_000);
        start(folder(), 320, 240);
    }

    @Test
    void aSessionWithoutAFrameHasNoVideo() throws Exception {
        Recorder recorder = start(folder(), 320, 240);
        assertThatThrownBy(() -> finish(recorder, 0)).hasMessageContaining("painted nothing");
    }

    @Test
    void noProcessIsLeft() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        write(recorder, Color.RED, 0);
        ProcessHandle process = encoderOf(folder);
        await(recorders.close());
        assertThat(process.isAlive()).isFalse();
        assertThat(await(recorder.ended())).isEqualTo(VideoEnding.ENCODER_LOST);
    }

    @Test
    void theEncoderIsConfined() throws Exception {
        Path folder = folder();
        Recorder recorder = start(folder, 320, 240);
        for (int i = 0; recorder.bytes() == 0; i++) {
            write(recorder, Color.RED, i);
        }
        Path process = Path.of("/proc/" + encoderOf(folder).pid());
        List<String> status = Files.readAllLines(process.resolve("status"));
        assertThat(status).contains("NoNewPrivs:\t1");
        if (System.getProperty("user.name").equals("root")) {
            assertThat(status).anyMatch(line -> line.matches("Uid:(\\t" + FIRST_UID + "){4}"));
            assertThat(status).anyMatch(line -> line.matches("Groups:\\s*"));
        }
        assertThat(Files.readString(process.resolve("limits"))).containsPattern("Max address space +2147483648 ");
        assertThat(Files.readString(process.resolve("environ"))).doesNotContain("JAVA_HOME");
        assertThat(Files.readString(process.resolve("stat")).split(" ")[18]).isEqualTo("10");
    }

    @Test
    void anFfmpegThatDoesNotWorkIsToldWithItsReason() {
        FfmpegRecorders broken = new FfmpegRecorders(
                vertx,
                new VertxScheduler(vertx),
                new RecordingConfig(
                        Optional.of(Path.of("/bin/false")), 1, FIRST_UID, 1, HOUR_MILLIS, Recorded.NOT, false),
                shared,
                System.getenv("PATH"));
        assertThatThrownBy(() -> await(broken.check()))
                .cause()
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("can't record");
    }

    private FfmpegRecorders recorders(int max, int maxMib) {
        return new FfmpegRecorders(
                vertx,
                new VertxScheduler(vertx),
                new RecordingConfig(Optional.empty(), max, FIRST_UID, maxMib, HOUR_MILLIS, Recorded.NOT, false),
                shared.resolve("ffmpeg"),
                System.getenv("PATH"));
    }

    private static Path folder() throws Exception {
        return Files.createDirectory(shared.resolve("recording-" + UUID.randomUUID()));
    }

    private Recorder start(Path folder, int width, int height) throws Exception {
        return await(await(on(context, () -> recorders.start(folder, width, height))));
    }

    private void record(Recorder recorder, int frames) throws Exception {
        for (int i = 0; i < frames; i++) {
            write(recorder, i % 2 == 0 ? Color.RED : Color.BLUE, i * 100);
        }
    }

    private void write(Recorder recorder, Color colour, long millis) throws Exception {
        writeJpeg(recorder, Pictures.plain(colour, 320, 240), millis, false);
    }

    private void writeJpeg(Recorder recorder, Buffer jpeg, long millis, boolean cut) throws Exception {
        await(await(on(context, () -> recorder.write(jpeg, START.plusMillis(millis), cut))));
    }

    private void recorderFrame(Recorder recorder, Buffer jpeg, long millis) throws Exception {
        await(await(on(context, () -> recorder.write(jpeg, START.plusMillis(millis), false)))
                .otherwiseEmpty());
    }

    private Video finish(Recorder recorder, long millis) throws Exception {
        return await(await(on(context, () -> recorder.finish(START.plusMillis(millis)))));
    }

    private static Decoded decoded(Video video) throws Exception {
        return Decoded.of(tools(), video.path());
    }

    private static Path tools() throws Exception {
        try (var versions = Files.list(shared.resolve("ffmpeg"))) {
            return versions.findFirst().orElseThrow();
        }
    }

    /** The process that writes the video of this folder. */
    private static ProcessHandle encoderOf(Path folder) throws Exception {
        Path video = new VideoFolder(folder).video().toRealPath();
        return ProcessHandle.current()
                .children()
                .filter(process -> writes(process, video))
                .findFirst()
                .orElseThrow();
    }

    private static boolean writes(ProcessHandle process, Path file) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", process.pid() + "", "fd", "1"))
                    .equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    private static void signal(String name, Path folder) throws Exception {
        String pid = String.valueOf(encoderOf(folder).pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    /** As an encoder leaves a file that it could not finish: the size of its segment is unknown. */
    private static void unfinished(Path video) throws Exception {
        byte[] head = Files.readAllBytes(video);
        for (int at = 0; ; at++) {
            if (head[at] == 0x18 && head[at + 1] == 0x53 && head[at + 2] == (byte) 0x80 && head[at + 3] == 0x67) {
                try (RandomAccessFile file = new RandomAccessFile(video.toFile(), "rw")) {
                    file.seek(at + 4);
                    file.writeLong(0x01FFFFFFFFFFFFFFL);
                }
                return;
            }
        }
    }
}

package dev.berth.it;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.clock.VertxScheduler;
import dev.berth.config.ServerConfig;
import dev.berth.recording.Ending;
import dev.berth.recording.FfmpegRecorders;
import dev.berth.recording.Pictures;
import dev.berth.recording.Recorder;
import dev.berth.recording.Video;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Videos play and seek in Chrome itself: those that were finished, and those that were repaired. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VideoPlaysIT {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final int FRAME_MILLIS = 100;
    private static final String SHOW = """
            const video = document.querySelector('video');
            const event = name => new Promise((done, failed) => {
              video.addEventListener(name, done, {once: true});
              video.addEventListener('error', () => failed(new Error(video.error.message)), {once: true});
            });
            async function load(src) { video.src = src; await event('loadeddata'); return Math.round(video.duration * 1000); }
            async function colourAt(seconds) {
              video.currentTime = seconds;
              await event('seeked');
              const canvas = document.createElement('canvas');
              const context = canvas.getContext('2d');
              context.drawImage(video, 0, 0);
              const [r, g, b] = context.getImageData(100, 100, 1, 1).data;
              return r > 200 && g < 60 && b < 60 ? 'red' : b > 200 && r < 60 && g < 60 ? 'blue' : `${r},${g},${b}`;
            }
            """;

    @TempDir
    static Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Api api = Berth.shared().api();
    private FfmpegRecorders recorders;
    private HttpServer site;
    private String session;

    @BeforeAll
    void open() throws Exception {
        recorders = new FfmpegRecorders(
                vertx,
                new VertxScheduler(vertx),
                new ServerConfig.Recording(Optional.empty(), 2, 60_880, 64, 3_600_000),
                folder.resolve("ffmpeg"),
                System.getenv("PATH"));
        Files.writeString(folder.resolve("page.html"), "<video muted></video><script>" + SHOW + "</script>");
        Router router = Router.router(vertx);
        router.route().handler(StaticHandler.create(FileSystemAccess.ROOT, folder.toString()));
        site = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        session = api.open("http://127.0.0.1:" + site.actualPort() + "/page.html");
    }

    @AfterAll
    void end() throws Exception {
        api.delete(session);
        await(recorders.close());
        await(vertx.close());
    }

    @Test
    void aFinishedVideo() throws Exception {
        Recorder recorder = recordRedThenBlue("whole");
        Video video = finish(recorder, 12_000);
        assertThat(load(video)).isBetween(12_000, 12_010);
        assertColour(1, "red");
        assertColour(6.02, "blue");
        assertColour(5.97, "red");
        assertColour(11.5, "blue");
    }

    @Test
    void oneWhoseEncoderWasKilled() throws Exception {
        Recorder recorder = recordRedThenBlue("killed");
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("comment=killed"))
                .forEach(ProcessHandle::destroyForcibly);
        Video video = finish(recorder, 12_000);
        assertThat(video.ending()).isEqualTo(Ending.ENCODER_LOST);
        // The encoder may not have come to the last frames yet.
        int millis = load(video);
        assertThat(millis).isBetween(1_000, 10_000);
        assertColour(0.5, "red");
        double last = millis / 1_000.0 - 0.1;
        assertColour(last, last < 6 ? "red" : "blue");
    }

    /** Ten seconds, of which the first six are red. */
    private Recorder recordRedThenBlue(String name) throws Exception {
        Path files = Files.createDirectory(folder.resolve(name));
        Recorder recorder = await(await(on(context, () -> recorders.start(files, 320, 240))));
        Buffer red = Pictures.plain(Color.RED, 320, 240);
        Buffer blue = Pictures.plain(Color.BLUE, 320, 240);
        for (int millis = 0; millis < 10_000; millis += FRAME_MILLIS) {
            Buffer jpeg = millis < 6_000 ? red : blue;
            Instant at = START.plusMillis(millis);
            await(await(on(context, () -> recorder.write(jpeg, at))));
        }
        return recorder;
    }

    private Video finish(Recorder recorder, long millis) throws Exception {
        return await(await(on(context, () -> recorder.finish(START.plusMillis(millis)))));
    }

    private int load(Video video) {
        return (int) api.evaluate(session, "load('/" + folder.relativize(video.path()) + "')");
    }

    /** Chrome may tell that it has sought before the picture can be drawn. */
    private void assertColour(double seconds, String colour) {
        Api.await(() -> api.evaluate(session, "colourAt(" + seconds + ")"), colour::equals);
    }
}

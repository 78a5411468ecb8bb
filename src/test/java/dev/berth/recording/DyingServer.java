package dev.berth.recording;

import static dev.berth.fake.Futures.await;
import static dev.berth.fake.Futures.on;

import dev.berth.config.ServerConfig;
import dev.berth.loop.VertxScheduler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A process that dies, as by {@code kill -9}, while it records. */
final class DyingServer {
    private DyingServer() {}

    /** Runs it; a second is recorded into {@code folder}. Returns when it is dead. */
    static void run(Path tools, Path folder) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        DyingServer.class.getName(),
                        tools.toString(),
                        folder.toString()))
                .inheritIO()
                .start();
        process.waitFor();
    }

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        Context context = vertx.getOrCreateContext();
        FfmpegRecorders recorders = new FfmpegRecorders(
                vertx,
                new VertxScheduler(vertx),
                new ServerConfig.Recording(Optional.empty(), 1, 60_880, 64, 60_000),
                Path.of(arguments[0]),
                System.getenv("PATH"));
        Recorder recorder = await(await(on(context, () -> recorders.start(Path.of(arguments[1]), 320, 240))));
        Buffer red = Pictures.plain(Color.RED, 320, 240);
        Instant start = Instant.now().minusSeconds(10);
        for (int i = 0; i <= 10; i++) {
            Instant at = start.plusMillis(100 * i);
            await(await(on(context, () -> recorder.write(red, at))));
        }
        Runtime.getRuntime().halt(1);
    }
}

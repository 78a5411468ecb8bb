package dev.berth.recording;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.fake.HandScheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An ffmpeg that does not work. */
@ExtendWith(VertxExtension.class)
class UsableFfmpegTest {
    private static final int FIRST_UID = 60_890;

    private final HandScheduler clock = new HandScheduler();
    private UsableFfmpeg ffmpeg;

    @BeforeEach
    void missing(Vertx vertx, @TempDir Path data) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("usable-ffmpeg-test", 2);
        ffmpeg = new UsableFfmpeg(
                vertx.fileSystem(),
                workers,
                clock,
                new Encoders(vertx, workers, System.getenv("PATH"), FIRST_UID),
                Optional.of(Path.of("/secret/place/of/ffmpeg")),
                data.resolve("ffmpeg"),
                0);
    }

    @Test
    void usersAreNotToldWhereItIs() {
        assertThatThrownBy(() -> await(ffmpeg.get()))
                .cause()
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("this node can't record")
                .hasMessageNotContaining("secret");
    }

    @Test
    void itIsTriedAgainAMinuteLaterAndNotBefore() throws Exception {
        Future<Ffmpeg> first = ffmpeg.get();
        await(first.otherwiseEmpty());
        clock.advance(59_999);
        assertThat(ffmpeg.get()).isSameAs(first);
        clock.advance(1);
        Future<Ffmpeg> second = ffmpeg.get();
        assertThat(second).isNotSameAs(first);
        await(second.otherwiseEmpty());
        assertThat(ffmpeg.get()).isSameAs(second);
    }
}

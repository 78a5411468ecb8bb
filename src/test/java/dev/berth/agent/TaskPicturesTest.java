package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionReply.Acknowledged;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TaskPicturesTest {
    private static final Function<String, Future<Buffer>> FILES =
            key -> Future.succeededFuture(Buffer.buffer("bytes of " + key));

    private static Acted shown(Function<String, Future<Buffer>> files, Optional<String> blind, long size) {
        ArtifactEntry artifact = new ArtifactEntry(
                "object",
                ArtifactType.SCREENSHOT,
                "a/key.png",
                Optional.empty(),
                Instant.EPOCH,
                "image/png",
                size,
                ArtifactState.STORED);
        return new TaskPictures(files, blind)
                .with(new ScreenshotTaken(artifact), "taken")
                .result();
    }

    @Test
    void aScreenshotIsShown() {
        Acted acted = shown(FILES, Optional.empty(), 3_500_000);
        assertThat(acted.text()).isEqualTo("taken");
        assertThat(acted.images()).hasSize(1);
        assertThat(acted.images().get(0).mediaType()).isEqualTo("image/png");
        assertThat(acted.images().get(0).bytes()).asString().isEqualTo("bytes of a/key.png");
    }

    @Test
    void whyThereIsNoneIsSaid() {
        assertThat(shown(FILES, Optional.of("you are blind"), 1).text()).contains("not shown to you: you are blind");
        assertThat(shown(FILES, Optional.empty(), 3_500_001).text()).contains("too large");
        Function<String, Future<Buffer>> away = key -> Future.failedFuture("the store is away");
        assertThat(shown(away, Optional.empty(), 1).text()).contains("could not be read");
        assertThat(shown(away, Optional.empty(), 1).images()).isEmpty();
    }

    @Test
    void otherResultsHaveNone() {
        Acted acted = new TaskPictures(FILES, Optional.empty())
                .with(new Acknowledged(), "done")
                .result();
        assertThat(acted).isEqualTo(new Acted(true, "done", acted.images()));
        assertThat(acted.images()).isEmpty();
    }
}

package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptArtifactsTest {
    private final KeptArtifacts artifacts = new KeptArtifacts();

    private static ArtifactEntry artifact(String id, long second) {
        return new ArtifactEntry(
                id,
                ArtifactType.PDF,
                "key-" + id,
                Optional.empty(),
                Instant.ofEpochSecond(second),
                "application/pdf",
                1,
                ArtifactState.PENDING);
    }

    @Test
    void listsArtifactsWithTheirLatestStateByTime() {
        artifacts.put(artifact("b", 2));
        artifacts.put(artifact("c", 1));
        artifacts.put(artifact("a", 2));
        artifacts.put(artifact("c", 1).with(ArtifactState.STORED));
        assertThat(artifacts.list().artifacts())
                .containsExactly(artifact("c", 1).with(ArtifactState.STORED), artifact("a", 2), artifact("b", 2));
        assertThat(artifacts.list().complete()).isTrue();
    }

    @Test
    void veryManyArtifactsAreNotHeld() {
        IntStream.range(0, 1_000).forEach(i -> artifacts.put(artifact("" + i, i)));
        assertThat(artifacts.list().complete()).isTrue();
        artifacts.put(artifact("one more", 0));
        assertThat(artifacts.list().complete()).isFalse();
        artifacts.put(artifact("and another", 0));
        assertThat(artifacts.list().artifacts()).isEmpty();
        assertThat(artifacts.list().complete()).isFalse();
    }
}

package dev.berth.session.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.artifact.NewArtifact;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of the recordings of a process that was killed. */
@ExtendWith(VertxExtension.class)
class LeftRecordingsTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:10Z");

    @TempDir
    Path dataDir;

    private RecordingRig rig;
    private LeftRecordings left;

    @BeforeEach
    void aNode(Vertx vertx) {
        rig = new RecordingRig(vertx, dataDir);
        left = new LeftRecordings(rig.history.objects, rig.store, rig.recorders, rig.folders);
    }

    private ArtifactEntry unfinished() {
        return unfinished(AT);
    }

    private ArtifactEntry unfinished(Instant begun) {
        ArtifactEntry listed = NewArtifact.pending(rig.id, ArtifactType.RECORDING, "webm", Optional.empty(), begun, 0);
        rig.history.unfinished.add(listed);
        return listed;
    }

    private Path folder(String parent, String name) throws Exception {
        return Files.createDirectories(dataDir.resolve(parent).resolve(name));
    }

    private Path flight(SessionId id) throws Exception {
        Path folder = folder("flights", FlightFolder.name(id, RecordingRig.SIZE));
        for (int second : new int[] {0, 40, 45}) {
            Files.write(
                    folder.resolve(AT.plusSeconds(second).toEpochMilli() + ".jpg"),
                    RecordingRig.jpeg("f" + second).getBytes());
        }
        return folder;
    }

    private void start() throws Exception {
        rig.ask(() -> left.find("node").compose(left::save));
    }

    @Test
    void aRecordingIsRepairedAndStored() throws Exception {
        ArtifactEntry listed = unfinished();
        folder("recordings", listed.objectId());
        rig.recorders.finds(99);
        start();
        assertThat(rig.history.settled).containsExactly("complete " + listed.objectKey() + " 99");
        RecordingRig.await(() -> rig.store.uploaded.contains(listed.objectKey()));
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aRecordingOfWhichNothingCanBeReadIsLost() throws Exception {
        ArtifactEntry listed = unfinished();
        folder("recordings", listed.objectId());
        start();
        assertThat(rig.history.settled).containsExactly("lost " + listed.objectKey());
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aRecordingWithoutAFileIsLost() throws Exception {
        ArtifactEntry listed = unfinished();
        rig.recorders.finds(99);
        start();
        assertThat(rig.history.settled).containsExactly("lost " + listed.objectKey());
    }

    @Test
    void aRecordingThatIsBeingUploadedNeedsNothing() throws Exception {
        ArtifactEntry listed = unfinished();
        rig.store.spooled.put(listed.objectKey(), Buffer.buffer("x"));
        start();
        assertThat(rig.history.settled).isEmpty();
    }

    @Test
    void oneThatCannotBeSavedNowStaysAndDoesNotHoldUpTheNext() throws Exception {
        ArtifactEntry first = unfinished();
        ArtifactEntry second = unfinished();
        Path folder = folder("recordings", first.objectId());
        rig.recorders.outcome(call -> Future.failedFuture("no encoder"));
        start();
        assertThat(rig.history.settled).containsExactly("lost " + second.objectKey());
        assertThat(folder).exists();
    }

    @Test
    void aFolderThatNobodyKnowsIsDeleted() throws Exception {
        folder("recordings", "recording-x");
        folder("flights", "whatever");
        start();
        RecordingRig.await(() -> rig.files().isEmpty());
        assertThat(rig.history.artifacts).isEmpty();
    }

    @Test
    void aFlightRecorderOfASessionThatDiedWithItsServerBecomesARecording() throws Exception {
        Path folder = flight(rig.id);
        // The one that was being written.
        Files.write(folder.resolve(AT.plusSeconds(46).toEpochMilli() + ".jpg"), new byte[] {1, 2, 3});
        rig.history.lost.add(rig.id);
        start();
        // From 30 s before the last one.
        assertThat(rig.frames(rig.recorders.started.get(0))).containsExactly("26.0 f0", "50.0 f40", "55.0 f45");
        assertThat(rig.recorders.started.get(0).end()).contains(AT.plusSeconds(47));
        ArtifactEntry kept = rig.history.artifacts.get(0);
        assertThat(kept.size()).isPositive();
        RecordingRig.await(() -> rig.store.uploaded.contains(kept.objectKey()));
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aFlightRecorderIsKeptBesideARecording() throws Exception {
        ArtifactEntry listed = unfinished(AT.plusSeconds(44));
        flight(rig.id);
        folder("recordings", listed.objectId());
        rig.history.lost.add(rig.id);
        rig.recorders.finds(99);
        start();
        assertThat(rig.recorders.started).hasSize(1);
        assertThat(rig.history.artifacts).hasSize(1);
    }

    @Test
    void aFlightRecorderInWhichThereIsNothingToSeeIsForgotten() throws Exception {
        flight(rig.id);
        rig.history.lost.add(rig.id);
        finishFails(ErrorCode.UPSTREAM);
        start();
        assertThat(rig.history.artifacts).isEmpty();
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aFlightRecorderThatCannotBeEncodedNowStays() throws Exception {
        Path folder = flight(rig.id);
        rig.history.lost.add(rig.id);
        finishFails(ErrorCode.UNAVAILABLE);
        start();
        RecordingRig.await(
                () -> rig.files().stream().noneMatch(file -> file.startsWith(dataDir.resolve("recordings"))));
        assertThat(folder).isNotEmptyDirectory();
    }

    private void finishFails(ErrorCode code) {
        rig.recorders.outcome(call -> call.equals("finish")
                ? Future.failedFuture(new BerthException(code, "no video"))
                : Future.succeededFuture());
    }

    @Test
    void aNameThatIsNoFlightRecordersHoldsUpNone() throws Exception {
        folder("flights", "session-00_640x480");
        folder("flights", SessionId.random() + "_0x9999");
        flight(rig.id);
        rig.history.lost.add(rig.id);
        start();
        assertThat(rig.recorders.started).hasSize(1);
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aFlightRecorderOfASessionThatEndedIsForgotten() throws Exception {
        flight(SessionId.random());
        start();
        assertThat(rig.recorders.started).isEmpty();
        assertThat(rig.history.artifacts).isEmpty();
        RecordingRig.await(() -> rig.files().isEmpty());
    }
}

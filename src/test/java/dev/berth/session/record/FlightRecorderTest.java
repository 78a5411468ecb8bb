package dev.berth.session.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeRecorders.Made;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the last half minute looked like: kept of a session that fails, or when asked for. */
@ExtendWith(VertxExtension.class)
class FlightRecorderTest {
    @TempDir
    Path dataDir;

    private RecordingRig rig;
    private SessionRecordings recordings;

    @BeforeEach
    void aSession(Vertx vertx) throws Exception {
        rig = new RecordingRig(vertx, dataDir);
        recordings = rig.recordings(false, true);
        rig.tell(recordings::begin);
    }

    /** Waits until it is on disk: frames that come in the meantime may be left out. */
    private void show(String text) throws Exception {
        rig.show(text);
        String name = rig.clock.now().toEpochMilli() + ".jpg";
        RecordingRig.await(() -> rig.files().stream().anyMatch(file -> file.endsWith(name)));
        rig.tell(() -> {});
    }

    private Made recorder() {
        return rig.recorders.started.get(rig.recorders.started.size() - 1);
    }

    private void end(boolean failed) throws Exception {
        rig.tell(() -> recordings.end(failed, false));
        rig.ask(recordings::settled);
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void whatWasToBeSeenInTheLastHalfMinuteIsKeptWhenAskedFor() throws Exception {
        show("old");
        rig.clock.advance(5_000);
        show("before");
        rig.clock.advance(20_000);
        show("a");
        rig.clock.advance(25_000);
        show("b");
        rig.clock.advance(1_000);
        ArtifactEntry kept = rig.ask(recordings::keep).artifact();
        // At 51 s: what was to be seen at 21 s, and what came afterwards.
        assertThat(rig.frames(recorder())).containsExactly("21.0 before", "25.0 a", "50.0 b");
        assertThat(recorder().end()).contains(rig.clock.now());
        assertThat(rig.told).extracting(ArtifactEntry::objectId).containsOnly(kept.objectId());
        // It goes on.
        rig.clock.advance(20_000);
        show("c");
        rig.ask(recordings::keep);
        assertThat(rig.frames(recorder())).containsExactly("41.0 a", "50.0 b", "71.0 c");
        end(false);
        assertThat(rig.told).hasSize(4);
    }

    @Test
    void aStillPageIsShownForTheWholeTime() throws Exception {
        show("still");
        rig.clock.advance(600_000);
        rig.ask(recordings::keep);
        assertThat(rig.frames(recorder())).containsExactly("570.0 still");
    }

    @Test
    void aSessionThatFailsKeepsIt() throws Exception {
        show("crash");
        end(true);
        assertThat(rig.frames(recorder())).hasSize(1);
        assertThat(rig.told).hasSize(2);
        assertThat(rig.actions()).containsExactly("keep-recording");
        assertThat(rig.picture.watched()).isEmpty();
    }

    @Test
    void aSessionThatFailsWhileItIsRecordedKeepsBoth() throws Exception {
        show("before");
        rig.clock.advance(10_000);
        rig.ask(recordings::start);
        show("both");
        rig.clock.advance(29_999);
        end(true);
        assertThat(rig.recorders.started).hasSize(2);
        assertThat(rig.frames(rig.recorders.started.get(1))).contains("9.999 before", "10.0 both");
    }

    @Test
    void whatAClientAskedForIsKeptThoughTheSessionEndsMeanwhile() throws Exception {
        show("asked");
        Promise<Void> starting = Promise.promise();
        rig.recorders.outcome(call -> call.equals("start") ? starting.future() : Future.succeededFuture());
        var asked = rig.begin(recordings::keep);
        rig.tell(() -> recordings.end(false, false));
        assertThat(rig.ask(rig.folders::allFlights)).hasSize(1);
        rig.tell(starting::complete);
        rig.ask(() -> asked);
        assertThat(rig.frames(recorder())).containsExactly("0.0 asked");
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aFailureToKeepItLeavesNothing() throws Exception {
        show("x");
        rig.recorders.outcome(call -> Future.failedFuture(new BerthException(ErrorCode.LIMIT_REACHED, "busy")));
        end(true);
        assertThat(rig.told).isEmpty();
    }

    @Test
    void twoWhoAskAtOnceGetOneRecording() throws Exception {
        show("x");
        Promise<Void> finishing = Promise.promise();
        rig.recorders.outcome(call -> call.equals("finish") ? finishing.future() : Future.succeededFuture());
        var first = rig.begin(recordings::keep);
        var second = rig.begin(recordings::keep);
        RecordingRig.await(() -> !rig.recorders.started.isEmpty());
        rig.tell(finishing::complete);
        assertThat(rig.ask(() -> first)).isEqualTo(rig.ask(() -> second));
        assertThat(rig.recorders.started).hasSize(1);
    }

    /** Large pictures: half a minute of them would be more than a session may remember. */
    @Test
    void itsFilesAreBounded() throws Exception {
        String large = "x".repeat(2_000_000);
        for (int i = 0; i < 12; i++) {
            rig.clock.advance(500);
            show(large);
        }
        assertThat(bytes()).isLessThan(FlightRecorder.MAX_BYTES + 3_000_000);
        rig.clock.advance(500);
        rig.show("x".repeat(3_000_000)); // too large to be remembered at all
        rig.ask(recordings::keep);
        assertThat(recorder().frames).hasSize(8);
    }

    private long bytes() {
        return rig.files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    @Test
    void aDiskThatCannotBeWrittenLosesPicturesOnly() throws ExecutionException, Exception {
        show("a");
        Path folder = rig.files().stream()
                .filter(java.nio.file.Files::isDirectory)
                .findFirst()
                .orElseThrow();
        rig.tell(() -> rig.folders.delete(folder));
        RecordingRig.await(() -> rig.files().isEmpty());
        rig.show("b");
        end(true);
    }
}

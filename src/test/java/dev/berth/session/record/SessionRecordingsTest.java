package dev.berth.session.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeRecorders.Made;
import dev.berth.protocol.ActionReply.RecordingResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.recording.VideoEnding;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are started and stopped, by a client, a limit or the end of the session. */
@ExtendWith(VertxExtension.class)
class SessionRecordingsTest {
    @TempDir
    Path dataDir;

    private RecordingRig rig;
    private SessionRecordings recordings;

    @BeforeEach
    void aSession(Vertx vertx) {
        rig = new RecordingRig(vertx, dataDir);
        recordings = rig.recordings(false, false);
        rig.picture.looksLike(rig.frame("screen"));
    }

    private Made recorder(int number) {
        return rig.recorders.started.get(number);
    }

    private List<String> told() {
        return rig.told.stream().map(a -> a.state().wireName() + " " + a.size()).toList();
    }

    private ErrorCode refusal(Supplier<Future<RecordingResult>> question) throws Exception {
        try {
            rig.ask(question);
            throw new AssertionError("it was not refused");
        } catch (ExecutionException e) {
            return ((BerthException) e.getCause()).code();
        }
    }

    @Test
    void aRecordingIsListedAtItsStartAndStoredAtItsEnd() throws Exception {
        RecordingResult started = rig.ask(recordings::start);
        assertThat(started.recording()).isTrue();
        assertThat(started.artifact().readable()).isFalse();
        assertThat(told()).containsExactly("pending 0");
        assertThat(rig.changes.get(0).orElseThrow().objectId())
                .isEqualTo(started.artifact().objectId());
        rig.show("one");
        rig.clock.advance(2_000);
        rig.show("two");
        rig.clock.advance(1_000);
        recorder(0).grow(77);
        RecordingResult stopped = rig.ask(recordings::stop);
        assertThat(rig.frames(recorder(0))).containsExactly("0.0 screen", "0.0 one", "2.0 two");
        assertThat(recorder(0).end()).contains(rig.clock.now());
        assertThat(stopped.recording()).isFalse();
        assertThat(stopped.artifact().objectId()).isEqualTo(started.artifact().objectId());
        assertThat(told()).containsExactly("pending 0", "stored 77");
        assertThat(rig.history.settled)
                .containsExactly("complete " + started.artifact().objectKey() + " 77");
        assertThat(rig.changes).last().isEqualTo(Optional.empty());
        assertThat(rig.picture.watched()).isEmpty();
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aRecordingBeginsWhenItWasAskedForThoughThePictureIsOlder() throws Exception {
        rig.clock.advance(60_000);
        rig.ask(recordings::start);
        assertThat(rig.frames(recorder(0))).containsExactly("60.0 screen");
    }

    @Test
    void aRecordingThatIsStoppedAtOnceWaitsForThePictureThatWasOnTheScreen() throws Exception {
        rig.picture.looksNoMore();
        rig.ask(recordings::start);
        Future<RecordingResult> stopped = rig.begin(recordings::stop);
        rig.tell(() -> {});
        assertThat(recorder(0).end()).isEmpty();
        rig.show("screen");
        rig.ask(() -> stopped);
        assertThat(rig.frames(recorder(0))).containsExactly("0.0 screen");
        assertThat(recorder(0).end()).isPresent();
    }

    @Test
    void aPageThatGivesNoPictureHoldsNoStop() throws Exception {
        rig.picture.looksNoMore();
        rig.ask(recordings::start);
        Future<RecordingResult> stopped = rig.begin(recordings::stop);
        rig.tell(() -> {});
        rig.clock.advance(2_000);
        rig.ask(() -> stopped);
        assertThat(recorder(0).end()).isPresent();
    }

    @Test
    void anEncoderThatHangsHoldsNoAnswer() throws Exception {
        Promise<Void> finishing = Promise.promise();
        rig.recorders.outcome(call -> call.equals("finish") ? finishing.future() : Future.succeededFuture());
        rig.ask(recordings::start);
        Future<RecordingResult> stopped = rig.begin(recordings::stop);
        rig.tell(() -> {});
        rig.clock.advance(5_000);
        RecordingResult answer = rig.ask(() -> stopped);
        assertThat(answer.recording()).isFalse();
        assertThat(answer.artifact().state()).isEqualTo(ArtifactState.PENDING);
        rig.tell(finishing::complete);
        rig.ask(recordings::settled);
        assertThat(told()).containsExactly("pending 0", "stored 1");
    }

    @Test
    void startingAndStoppingCanBeRepeated() throws Exception {
        Future<RecordingResult> first = rig.begin(recordings::start);
        ArtifactEntry again = rig.ask(recordings::start).artifact();
        assertThat(again).isEqualTo(first.result().artifact());
        assertThat(rig.ask(recordings::stop).artifact())
                .isEqualTo(rig.ask(recordings::stop).artifact());
        assertThat(rig.recorders.started).hasSize(1);
        ArtifactEntry second = rig.ask(recordings::start).artifact();
        assertThat(second.objectId()).isNotEqualTo(again.objectId());
        assertThat(rig.ask(recordings::stop).artifact().objectId()).isEqualTo(second.objectId());
        assertThat(told()).containsExactly("pending 0", "stored 1", "pending 0", "stored 1");
    }

    @Test
    void whatWasNeverStartedCannotBeStoppedOrKept() throws Exception {
        assertThat(refusal(recordings::stop)).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(recordings::keep)).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void anEncoderThatDoesNotStartLeavesNothing() throws Exception {
        rig.recorders.outcome(call ->
                Future.failedFuture(new BerthException(ErrorCode.LIMIT_REACHED, "all encoders of the node are busy")));
        assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(rig.told).isEmpty();
        assertThat(rig.changes).isEmpty();
        assertThat(rig.picture.watched()).isEmpty();
        RecordingRig.await(() -> rig.files().isEmpty());
        rig.recorders.outcome(call -> Future.succeededFuture());
        assertThat(rig.ask(recordings::start).recording()).isTrue();
    }

    @Test
    void anEncoderThatFinishesCountsAmongTheTwoOfASession() throws Exception {
        Promise<Void> finishing = Promise.promise();
        rig.recorders.outcome(call -> call.equals("finish") ? finishing.future() : Future.succeededFuture());
        rig.ask(recordings::start);
        Future<RecordingResult> first = rig.begin(recordings::stop);
        rig.ask(recordings::start);
        rig.begin(recordings::stop);
        assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(rig.recorders.started).hasSize(2);
        rig.tell(finishing::complete);
        rig.ask(() -> first);
        assertThat(rig.ask(recordings::start).recording()).isTrue();
    }

    @Test
    void anEncoderThatDoesNotStartHoldsNoPlace() throws Exception {
        rig.recorders.outcome(call -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "no encoder")));
        for (int i = 0; i < 3; i++) {
            assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    @Test
    void whatWasToBeSeenWhileTheEncoderStartedIsRecorded() throws Exception {
        Promise<Void> starting = Promise.promise();
        rig.recorders.outcome(call -> call.equals("start") ? starting.future() : Future.succeededFuture());
        Future<RecordingResult> started = rig.begin(recordings::start);
        RecordingRig.await(() -> !rig.picture.watched().isEmpty());
        for (int i = 0; i < 3; i++) {
            rig.show("frame" + i);
            rig.clock.advance(500);
        }
        rig.tell(starting::complete);
        rig.ask(() -> started);
        rig.show("later");
        assertThat(rig.frames(recorder(0)))
                .containsExactly("0.0 screen", "0.0 frame0", "0.5 frame1", "1.0 frame2", "1.5 later");
    }

    @Test
    void onlyTheLatestPicturesAreHeldForAnEncoder() throws Exception {
        Promise<Void> starting = Promise.promise();
        rig.recorders.outcome(call -> call.equals("start") ? starting.future() : Future.succeededFuture());
        Future<RecordingResult> started = rig.begin(recordings::start);
        RecordingRig.await(() -> !rig.picture.watched().isEmpty());
        for (int i = 0; i < RunningRecording.MAX_HELD + 5; i++) {
            rig.show("frame" + i);
        }
        rig.tell(starting::complete);
        rig.ask(() -> started);
        assertThat(recorder(0).frames)
                .hasSize(RunningRecording.MAX_HELD)
                .first()
                .asString()
                .contains("frame5");
    }

    @Test
    void aRecordingThatCannotBeListedIsEndedAndLeavesNothing() throws Exception {
        rig.history.outcome(call -> Future.failedFuture("away"));
        assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.UPSTREAM);
        assertThat(recorder(0).end()).isPresent();
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aRecordingOfWhichNothingCouldBeSavedIsLost() throws Exception {
        finishFails(new BerthException(ErrorCode.UPSTREAM, "no frame came"));
        rig.ask(recordings::start);
        assertThat(rig.ask(recordings::stop).artifact().state()).isEqualTo(ArtifactState.LOST);
        assertThat(told()).containsExactly("pending 0", "lost 0");
        RecordingRig.await(() -> rig.files().isEmpty());
    }

    @Test
    void aLostRecordingCountsSoThatTheirNumberIsBounded() throws Exception {
        rig.ask(recordings::start);
        recorder(0).grow(RecordingRig.MAX_BYTES - 4_096);
        rig.ask(recordings::stop);
        finishFails(new BerthException(ErrorCode.UPSTREAM, "no frame came"));
        rig.ask(recordings::start); // takes just what room there is
        rig.ask(recordings::stop);
        assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.ACTION_FAILED);
    }

    @Test
    void aFileThatCannotBeFinishedNowStaysForTheNextProcess() throws Exception {
        finishFails(new BerthException(ErrorCode.UNAVAILABLE, "the recording could not be repaired"));
        rig.ask(recordings::start);
        assertThat(refusal(recordings::stop)).isEqualTo(ErrorCode.UPSTREAM);
        assertThat(rig.files()).containsExactly(recorder(0).folder);
        assertThat(told()).containsExactly("pending 0");
    }

    private void finishFails(BerthException why) {
        rig.recorders.outcome(call -> call.equals("finish") ? Future.failedFuture(why) : Future.succeededFuture());
    }

    @Test
    void aFileThatCannotBeKeptNowStaysForTheNextProcess() throws Exception {
        rig.ask(recordings::start);
        rig.store.outcome(call -> call.equals("spool") ? Future.failedFuture("full") : Future.succeededFuture());
        assertThat(refusal(recordings::stop)).isEqualTo(ErrorCode.UPSTREAM);
        assertThat(rig.files()).containsExactly(recorder(0).folder);
        assertThat(told()).containsExactly("pending 0");
    }

    @Test
    void aRecordingEndsWhereTheSessionMayKeepNoMoreAndTheActionLogSaysSo() throws Exception {
        rig.ask(recordings::start);
        recorder(0).grow(RecordingRig.MAX_BYTES - 5_000_000);
        rig.show("almost");
        assertThat(rig.actions()).isEmpty();
        recorder(0).grow(RecordingRig.MAX_BYTES + 1);
        rig.show("full");
        rig.ask(recordings::settled);
        assertThat(rig.actions()).containsExactly("stop-recording");
        assertThat(rig.history.actions.get(0).error().orElseThrow()).contains("can store at most 16 (session.disk-mib");
        assertThat(told()).containsExactly("pending 0", "stored " + (RecordingRig.MAX_BYTES + 1));
        // It counts, so there is no room for another.
        assertThat(refusal(recordings::start)).isEqualTo(ErrorCode.ACTION_FAILED);
    }

    @Test
    void aRecordingEndsWhereTheEncoderMeetsALimit() throws Exception {
        rig.ask(recordings::start);
        rig.tell(() -> recorder(0).meets(VideoEnding.TIME_LIMIT));
        rig.ask(recordings::settled);
        assertThat(rig.actions()).containsExactly("stop-recording");
        assertThat(told()).containsExactly("pending 0", "stored 1");
        assertThat(rig.ask(recordings::stop).recording()).isFalse();
        assertThat(rig.ask(recordings::start).recording()).isTrue();
    }

    @Test
    void theEndOfTheSessionStopsARecordingEvenOneThatIsStarting() throws Exception {
        Promise<Void> starting = Promise.promise();
        rig.recorders.outcome(call -> call.equals("start") ? starting.future() : Future.succeededFuture());
        Future<RecordingResult> start = rig.begin(recordings::start);
        rig.tell(() -> recordings.end(false, false));
        Future<Void> settled = rig.begin(recordings::settled);
        rig.tell(() -> {});
        assertThat(settled.isComplete()).isFalse();
        rig.tell(starting::complete);
        rig.ask(() -> settled);
        assertThat(start.succeeded()).isTrue();
        assertThat(told()).containsExactly("pending 0", "stored 1");
        assertThat(rig.picture.watched()).isEmpty();
    }

    @Test
    void recordingsThatNobodyWantsAreRemoved() throws Exception {
        rig.ask(recordings::start);
        rig.ask(recordings::stop);
        rig.ask(recordings::start);
        rig.tell(() -> recordings.end(false, true));
        rig.ask(recordings::settled);
        assertThat(rig.history.artifacts).isEmpty();
    }

    @Test
    void anEncoderThatHangsAtTheEndOfTheSessionIsInTheActionLog() throws Exception {
        Promise<Void> finishing = Promise.promise();
        rig.recorders.outcome(call -> call.equals("finish") ? finishing.future() : Future.succeededFuture());
        rig.ask(recordings::start);
        rig.tell(() -> recordings.end(false, false));
        rig.tell(() -> {});
        assertThat(rig.actions()).isEmpty();
        rig.clock.advance(5_000);
        rig.tell(() -> {});
        assertThat(rig.actions()).containsExactly("stop-recording");
        assertThat(rig.history.actions.get(0).error().orElseThrow()).contains("has not finished the file");
        rig.tell(finishing::complete);
        rig.ask(recordings::settled);
        assertThat(told()).containsExactly("pending 0", "stored 1");
    }

    @Test
    void aRecordingThatIsStoppedWhileItStartsIsNeverSaidToRun() throws Exception {
        List<Promise<Void>> starts = holdStarts();
        Future<RecordingResult> started = rig.begin(recordings::start);
        Future<RecordingResult> stopped = rig.begin(recordings::stop);
        RecordingRig.await(() -> starts.size() == 1);
        rig.tell(starts.get(0)::complete);
        assertThat(rig.ask(() -> stopped).artifact().objectId())
                .isEqualTo(rig.ask(() -> started).artifact().objectId());
        assertThat(rig.changes).containsExactly(Optional.empty());
    }

    @Test
    void aStartThatFailsAfterItWasStoppedDoesNotEndTheNextRecording() throws Exception {
        List<Promise<Void>> starts = holdStarts();
        rig.begin(recordings::start);
        rig.begin(recordings::stop);
        RecordingRig.await(() -> starts.size() == 1);
        Future<RecordingResult> second = rig.begin(recordings::start);
        RecordingRig.await(() -> starts.size() == 2);
        rig.tell(starts.get(1)::complete);
        rig.tell(() -> starts.get(0).fail("no encoder"));
        assertThat(rig.ask(recordings::start).artifact())
                .isEqualTo(rig.ask(() -> second).artifact());
        rig.tell(() -> recordings.end(false, false));
        rig.ask(recordings::settled);
        assertThat(told()).containsExactly("pending 0", "stored 1");
    }

    private List<Promise<Void>> holdStarts() {
        List<Promise<Void>> starts = new CopyOnWriteArrayList<>();
        rig.recorders.outcome(call -> {
            if (!call.equals("start")) {
                return Future.succeededFuture();
            }
            Promise<Void> start = Promise.promise();
            starts.add(start);
            return start.future();
        });
        return starts;
    }

    @Test
    void aSessionThatWasCreatedToBeRecordedSaysWhereItIsNot() throws Exception {
        rig.recorders.outcome(
                call -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "this node has no encoder")));
        SessionRecordings wanted = rig.recordings(true, false);
        rig.tell(wanted::begin);
        RecordingRig.await(() -> !rig.actions().isEmpty());
        assertThat(rig.history.actions.get(0).type()).isEqualTo("start-recording");
        assertThat(rig.history.actions.get(0).error()).contains("this node has no encoder");
    }
}

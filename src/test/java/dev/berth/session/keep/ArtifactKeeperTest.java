package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArtifactKeeperTest {
    private static final long MAX_BYTES = 10_000;

    private final HandScheduler clock = new HandScheduler();
    private final FakeStore store = new FakeStore();
    private final FakeHistory history = new FakeHistory();
    private final List<String> reported = new ArrayList<>();
    private final ArtifactKeeper keeper = new ArtifactKeeper(
            clock,
            SessionId.random(),
            store,
            history.artifactRows,
            new KeptBytes(MAX_BYTES, outgrown -> {}),
            this::report);

    private void report(long offset, ArtifactEntry artifact) {
        reported.add(offset + " " + artifact.state().wireName());
    }

    private Future<ArtifactEntry> keep(int bytes) {
        return keeper.keep(ArtifactType.SCREENSHOT, "png", "page", Buffer.buffer(new byte[bytes]));
    }

    private Promise<Void> uploadsWait() {
        Promise<Void> upload = Promise.promise();
        store.outcome(call -> call.equals("upload") ? upload.future() : Future.succeededFuture());
        return upload;
    }

    @Test
    void anAnswerWaitsForNoUploadSinceALinkToTheSpoolWorks() throws Exception {
        Promise<Void> upload = uploadsWait();
        ArtifactEntry kept = keep(10).result();
        assertThat(kept.state()).isEqualTo(ArtifactState.PENDING);
        assertThat(kept.readable()).isTrue();
        assertThat(store.spooled).containsOnlyKeys(kept.objectKey());
        assertThat(reported).containsExactly("0 pending");
        assertThat(history.artifacts).hasSize(1);
        upload.complete();
        assertThat(reported).containsExactly("0 pending", "1 stored");
        assertThat(keeper.list().artifacts()).containsExactly(kept.with(ArtifactState.STORED));
    }

    @Test
    void whereLinksLeadToTheStoreAnAnswerWaitsForTheUploadUnlessThatIsSlow() throws Exception {
        store.isPublic = true;
        assertThat(keep(10).result().state()).isEqualTo(ArtifactState.STORED);
        Promise<Void> upload = uploadsWait();
        Future<ArtifactEntry> kept = keep(10);
        clock.advance(4_999);
        assertThat(kept.isComplete()).isFalse();
        clock.advance(1);
        assertThat(kept.result().state()).isEqualTo(ArtifactState.PENDING);
        upload.complete();
        assertThat(reported).containsExactly("0 pending", "1 stored", "2 pending", "3 stored");
    }

    @Test
    void theEndOfASessionWaitsForItsUploadsUnlessTheyAreSlow() throws Exception {
        assertThat(keeper.uploaded().succeeded()).isTrue();
        Promise<Void> upload = uploadsWait();
        keep(10);
        Future<Void> late = keeper.uploaded();
        clock.advance(1_999);
        assertThat(late.isComplete()).isFalse();
        clock.advance(1);
        assertThat(late.succeeded()).isTrue();
        Future<Void> inTime = keeper.uploaded();
        upload.complete();
        assertThat(inTime.succeeded()).isTrue();
        assertThat(reported).containsExactly("0 pending", "1 stored");
    }

    @Test
    void aFileThatIsRemovedWhileItsUploadIsNotedStaysRemoved() {
        Promise<Void> noted = Promise.promise();
        history.outcome(call -> call.equals("storedArtifact") ? noted.future() : Future.succeededFuture());
        keeper.remove(keep(10).result());
        noted.complete();
        assertThat(keeper.list().artifacts()).isEmpty();
        assertThat(reported).containsExactly("0 pending");
    }

    @Test
    void aFileThatCannotBeSpooledOrListedTakesNoRoom() {
        store.outcome(call -> call.equals("spool") ? Future.failedFuture("full") : Future.succeededFuture());
        assertRefused(keep(9_000));
        store.outcome(call -> Future.succeededFuture());
        history.outcome(call -> Future.failedFuture("away"));
        assertRefused(keep(9_000));
        assertThat(store.spooled).isEmpty();
        history.outcome(call -> Future.succeededFuture());
        assertThat(keep(9_000).succeeded()).isTrue();
        assertThat(keeper.list().artifacts()).hasSize(1);
    }

    @Test
    void whatAClientMayKnowOfAFailureIsTold() {
        store.outcome(call -> Future.failedFuture(new BerthException(ErrorCode.UPSTREAM, "the disk is full")));
        assertThat(keep(9_000).cause()).hasMessageEndingWith("could not be kept: the disk is full");
        store.outcome(call -> Future.failedFuture("/var/lib/berth/spool/x: odd"));
        assertThat(keep(9_000).cause()).hasMessageEndingWith("could not be kept; see the server's log");
    }

    private void assertRefused(Future<ArtifactEntry> kept) {
        assertThat(((BerthException) kept.cause()).code()).isEqualTo(ErrorCode.UPSTREAM);
        assertThat(keeper.list().artifacts()).isEmpty();
    }

    @Test
    void aStoreThatThrowsFailsTheFileAndGivesItsRoomBack() {
        store.outcome(call -> {
            if (call.equals("spool")) {
                throw new IllegalStateException("on purpose");
            }
            return Future.succeededFuture();
        });
        assertThat(keep(9_000).failed()).isTrue();
        store.outcome(call -> Future.succeededFuture());
        assertThat(keep(9_000).succeeded()).isTrue();
    }

    @Test
    void filesBeyondTheLimitAreRefused() {
        assertThat(keep(9_000).succeeded()).isTrue();
        assertThat(((BerthException) keep(9_000).cause()).code()).isEqualTo(ErrorCode.ACTION_FAILED);
    }

    @Test
    void filesThatAPageRefusedAreNotKeptAndOthersAreReportedOnce() {
        ArtifactEntry given = new ArtifactEntry(
                "upload-1",
                ArtifactType.UPLOAD,
                "sessions/s/upload/upload-1.bin",
                Optional.of("a.bin"),
                clock.now(),
                "application/octet-stream",
                3,
                ArtifactState.STORED);
        store.spooled.put(given.objectKey(), Buffer.buffer("abc"));
        Future<Void> refused = keeper.give(List.of(given), "page", contents -> Future.failedFuture("no such element"));
        assertThat(refused.failed()).isTrue();
        assertThat(reported).isEmpty();
        for (int i = 0; i < 2; i++) {
            Future<Integer> taken = keeper.give(
                    List.of(given),
                    "page",
                    contents -> Future.succeededFuture(contents.get(0).length()));
            assertThat(taken.result()).isEqualTo(3);
            assertThat(reported).containsExactly("0 stored");
        }
    }

    @Test
    void veryManyArtifactsAreListedByPostgresAlone() {
        ArtifactKeeper many = new ArtifactKeeper(
                clock,
                SessionId.random(),
                store,
                history.artifactRows,
                new KeptBytes(1L << 40, outgrown -> {}),
                this::report);
        for (int i = 0; i < ArtifactKeeper.IN_MEMORY; i++) {
            many.keep(ArtifactType.PDF, "pdf", "page", Buffer.buffer());
        }
        assertThat(many.list().artifacts()).hasSize(ArtifactKeeper.IN_MEMORY);
        assertThat(many.list().complete()).isTrue();
        many.keep(ArtifactType.PDF, "pdf", "page", Buffer.buffer());
        assertThat(many.list().artifacts()).isEmpty();
        assertThat(many.list().complete()).isFalse();
    }
}

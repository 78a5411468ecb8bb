package dev.berth.session.record;

import dev.berth.browser.Screencast.ScreenFrame;
import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeRecorders;
import dev.berth.fake.FakeScreencast;
import dev.berth.fake.FakeStore;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.RecordingInProgress;
import dev.berth.protocol.Device.Viewport;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.secrets.HiddenTexts;
import dev.berth.session.keep.ActionLog;
import dev.berth.session.keep.ArtifactKeeper;
import dev.berth.session.keep.KeptBytes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The recordings of a session on fakes, with its folders in a real file system. All runs on one context. */
final class RecordingRig {
    static final long MAX_BYTES = 16 << 20;
    static final Viewport SIZE = new Viewport(640, 480);

    final HandScheduler clock = new HandScheduler();
    final FakeRecorders recorders = new FakeRecorders();
    final FakeScreencast picture = new FakeScreencast();
    final FakeHistory history = new FakeHistory();
    final FakeStore store = new FakeStore();
    final SessionId id = SessionId.random();
    final List<ArtifactEntry> told = new CopyOnWriteArrayList<>();
    final List<Optional<RecordingInProgress>> changes = new CopyOnWriteArrayList<>();
    final RecordingFolders folders;
    final Path dataDir;
    private final Context context;

    RecordingRig(Vertx vertx, Path dataDir) {
        this.context = vertx.getOrCreateContext();
        this.folders = new RecordingFolders(vertx, dataDir);
        this.dataDir = dataDir;
    }

    SessionRecordings recordings(boolean recording, boolean flightRecorder) {
        SessionOptions options = SessionOptions.builder()
                .viewport(SIZE)
                .recording(recording)
                .flightRecorder(flightRecorder)
                .timeouts(new SessionTimeouts(1_000, 1_000, 0))
                .build();
        ArtifactKeeper keeper = new ArtifactKeeper(
                clock,
                id,
                store,
                history.artifactRows,
                new KeptBytes(MAX_BYTES, outgrown -> {}),
                (offset, artifact) -> told.add(artifact));
        ActionLog actions = new ActionLog(id, history.actionRows, new HiddenTexts(), (offset, action) -> {});
        return new SessionRecordings(
                clock, id, options, recorders, folders, keeper, actions, () -> picture, changes::add);
    }

    /** On the session's context. */
    <T> T ask(Supplier<Future<T>> question) throws Exception {
        return begin(question).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    <T> Future<T> begin(Supplier<Future<T>> question) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(ignored ->
                Future.succeededFuture().compose(now -> question.get()).onComplete(answer));
        return answer.future();
    }

    void tell(Runnable what) throws Exception {
        ask(() -> {
            what.run();
            return Future.succeededFuture();
        });
    }

    /** The active page looks like this now. */
    void show(String text) throws Exception {
        ScreenFrame frame = frame(text);
        tell(() -> picture.show(frame));
    }

    /** A picture that was painted now. */
    ScreenFrame frame(String text) {
        return new ScreenFrame("page", "document", jpeg(text), clock.now(), SIZE.width(), SIZE.height());
    }

    /** A text that ends like a picture. */
    static Buffer jpeg(String text) {
        return Buffer.buffer(text).appendUnsignedShort(0xFFD9);
    }

    /** What a recorder was given: the seconds since the start of the test, and the texts. */
    List<String> frames(FakeRecorders.Made recorder) {
        long start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
        return recorder.frames.stream()
                .map(frame -> frame.split(" "))
                .map(frame -> (Long.parseLong(frame[0]) - start) / 1_000.0 + " " + frame[1].replaceAll("[^a-z0-9]", ""))
                .toList();
    }

    List<String> actions() {
        return history.actions.stream().map(ActionEntry::type).toList();
    }

    /** All files that are left. */
    List<Path> files() {
        try (Stream<Path> files = Files.walk(dataDir)) {
            return files.filter(file -> !file.equals(dataDir)
                            && !file.equals(dataDir.resolve("recordings"))
                            && !file.equals(dataDir.resolve("flights")))
                    .toList();
        } catch (java.io.IOException | java.io.UncheckedIOException e) {
            return List.of(dataDir); // one was deleted just now
        }
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time");
            }
            Thread.onSpinWait();
        }
    }
}

package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeHistory;
import dev.berth.fake.FakeStore;
import dev.berth.fake.FakeUploads;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand;
import dev.berth.protocol.FileCommand.BeginFile;
import dev.berth.protocol.FileCommand.EndFile;
import dev.berth.protocol.FileCommand.ReadFiles;
import dev.berth.protocol.FileCommand.RemoveFile;
import dev.berth.protocol.FileCommand.TouchFile;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.FilePlace;
import dev.berth.protocol.SessionReply.NamedFile;
import dev.berth.protocol.SessionReply.NamedFiles;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionFilesTest {
    private static final int MAX_BYTES = 20_000;

    private final FakeStore store = new FakeStore();
    private final FakeHistory history = new FakeHistory();
    private final FakeUploads disk = new FakeUploads();
    private final KeptBytes kept = new KeptBytes(MAX_BYTES, outgrown -> {});
    private final HandScheduler clock = new HandScheduler();
    private final ArtifactKeeper keeper =
            new ArtifactKeeper(clock, SessionId.random(), store, history.artifactRows, kept, (offset, artifact) -> {});
    private final SessionFiles files = new SessionFiles(clock, keeper, disk);

    private Future<? extends SessionReply> begin(long offset, Optional<Long> total) {
        return files.perform(new BeginFile("a.txt", offset, total));
    }

    private String write(long offset, Optional<Long> total, String text) {
        FilePlace place = (FilePlace) begin(offset, total).result();
        disk.append(Path.of(place.path()), Buffer.buffer(text));
        return place.path();
    }

    private NamedFile end(boolean whole) {
        return (NamedFile) files.perform(new EndFile("a.txt", whole)).result();
    }

    private List<NamedFile> list() {
        return ((NamedFiles) files.perform(new ReadFiles()).result()).files();
    }

    private void assertRefused(FileCommand<?> command, ErrorCode code, String why) {
        assertThat(files.perform(command).cause()).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(why);
        });
    }

    @Test
    void aWholeFileIsKeptAndCanBeGivenByItsName() {
        String path = write(0, Optional.of(5L), "hello");
        NamedFile file = end(true);
        assertThat(file.path()).contains(path);
        assertThat(disk.sealed).containsExactly(Path.of(path));
        assertThat(history.artifacts)
                .singleElement()
                .satisfies(kept -> assertThat(kept.type()).isEqualTo(ArtifactType.UPLOAD));
        assertThat(files.paths(List.of("a.txt", "a.txt")).result()).containsExactly(path);
        assertThat(list()).containsExactly(file);
    }

    @Test
    void aPartWaitsForTheNextOne() {
        write(0, Optional.of(5L), "hel");
        assertThat(end(false)).satisfies(part -> {
            assertThat(part.received()).isEqualTo(3);
            assertThat(part.artifact()).isEmpty();
        });
        assertRefused(new BeginFile("a.txt", 2, Optional.of(5L)), ErrorCode.CONFLICT, "has 3 of 5 bytes so far");
        assertRefused(new BeginFile("a.txt", 3, Optional.of(6L)), ErrorCode.CONFLICT, "has 3 of 5 bytes so far");
        assertThat(files.paths(List.of("a.txt")).failed()).isTrue();
        write(3, Optional.of(5L), "lo");
        assertThat(end(true).artifact()).isPresent();
        assertThat(disk.files.values()).extracting(Buffer::toString).containsExactly("hello");
    }

    @Test
    void oneRequestWritesAFileAtATime() {
        write(0, Optional.of(5L), "hel");
        assertRefused(new BeginFile("a.txt", 0, Optional.of(5L)), ErrorCode.CONFLICT, "another request");
        assertRefused(new RemoveFile("a.txt"), ErrorCode.CONFLICT, "writing");
    }

    @Test
    void aWriterThatSaysNothingIsGone() throws Exception {
        write(0, Optional.of(5L), "hel");
        clock.advance(20_000);
        assertThat(files.perform(new TouchFile("a.txt")).succeeded()).isTrue();
        clock.advance(20_000);
        assertRefused(new BeginFile("a.txt", 0, Optional.of(5L)), ErrorCode.CONFLICT, "another request");
        clock.advance(10_000);
        write(0, Optional.of(5L), "hello");
        assertThat(end(true).artifact()).isPresent();
        assertThat(disk.files.values()).extracting(Buffer::toString).containsExactly("hello");
        assertRefused(new TouchFile("a.txt"), ErrorCode.NOT_FOUND, "no upload of");
    }

    @Test
    void aFileThatCannotBeMeasuredIsGivenUp() {
        disk.files.remove(Path.of(write(0, Optional.of(5L), "hello")));
        assertThat(files.perform(new EndFile("a.txt", true)).failed()).isTrue();
        assertThat(list()).isEmpty();
        write(0, Optional.of(5L), "hello");
        assertThat(end(true).artifact()).isPresent();
    }

    @Test
    void aFileOfUnknownSizeThatBreaksOffLeavesNothing() {
        write(0, Optional.empty(), "hel");
        assertRefused(new EndFile("a.txt", false), ErrorCode.INVALID_ARGUMENT, "is incomplete");
        assertThat(disk.files).isEmpty();
        assertThat(list()).isEmpty();
    }

    @Test
    void aFileThatDoesNotFitIsToldHowMuchIsLeft() {
        disk.left = 10_000;
        assertRefused(
                new BeginFile("b.txt", 0, Optional.of(10_001L)),
                ErrorCode.PAYLOAD_TOO_LARGE,
                "but only 10000 are left");
        write(0, Optional.of(8_000L), "hel");
        assertRefused(
                new BeginFile("b.txt", 0, Optional.of(3_000L)), ErrorCode.PAYLOAD_TOO_LARGE, "but only 2000 are left");
        end(false);
        files.perform(new RemoveFile("a.txt"));
        assertThat(((FilePlace) begin(0, Optional.empty()).result()).maxBytes()).isEqualTo(10_000);
        assertThat(kept.left()).isEqualTo(MAX_BYTES);
    }

    @Test
    void aFileThatCannotBeKeptLeavesNothing() {
        store.outcome(call -> call.equals("spool") ? Future.failedFuture("full") : Future.succeededFuture());
        write(0, Optional.of(5L), "hello");
        assertThat(files.perform(new EndFile("a.txt", true)).failed()).isTrue();
        assertThat(disk.files).isEmpty();
        assertThat(list()).isEmpty();
        assertThat(kept.left()).isEqualTo(MAX_BYTES);
    }

    @Test
    void aNewFileReplacesTheOneOfItsName() {
        write(0, Optional.of(5L), "hello");
        NamedFile first = end(true);
        String path = write(0, Optional.of(2L), "yo");
        assertThat(list()).extracting(NamedFile::path).contains(first.path());
        end(true);
        assertThat(disk.files.keySet()).containsExactly(Path.of(path));
        assertThat(history.artifacts).hasSize(1);
        assertThat(kept.left()).isEqualTo(MAX_BYTES - 4_096);
    }

    @Test
    void aRemovedFileIsGone() {
        write(0, Optional.of(5L), "hello");
        end(true);
        assertThat(files.perform(new RemoveFile("a.txt")).succeeded()).isTrue();
        assertThat(disk.files).isEmpty();
        assertThat(history.artifacts).isEmpty();
        assertThat(keeper.list().artifacts()).isEmpty();
        assertThat(kept.left()).isEqualTo(MAX_BYTES);
        assertRefused(new RemoveFile("a.txt"), ErrorCode.NOT_FOUND, "no file 'a.txt'");
    }

    @Test
    void aDownloadIsPutOnTheDiskWhenItIsUsed() {
        ArtifactEntry download = new ArtifactEntry(
                "download-1",
                ArtifactType.DOWNLOAD,
                "key",
                Optional.of("got.bin"),
                Instant.EPOCH,
                "application/octet-stream",
                (1 << 20) + 5,
                ArtifactState.STORED);
        keeper.announce(download);
        Buffer bytes = Buffer.buffer(new byte[1 << 20]).appendString("hello");
        store.spooled.put("key", bytes);
        String path = files.paths(List.of("got.bin")).result().get(0);
        assertThat(disk.files.get(Path.of(path))).isEqualTo(bytes);
        assertThat(list())
                .singleElement()
                .satisfies(file -> assertThat(file.artifact()).contains(download));
        assertThat(files.paths(List.of("other.bin")).cause()).hasMessageContaining("it has got.bin");
    }
}

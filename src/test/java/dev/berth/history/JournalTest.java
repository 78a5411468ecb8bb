package dev.berth.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.history.Fact.ActionsDone;
import dev.berth.history.Fact.ArtifactComplete;
import dev.berth.history.Fact.ArtifactKept;
import dev.berth.history.Fact.ArtifactLost;
import dev.berth.history.Fact.ChunkSealed;
import dev.berth.history.Fact.NumberedAction;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.history.Fact.SessionOver;
import dev.berth.history.Fact.TaskMoved;
import dev.berth.history.Fact.TaskStepped;
import dev.berth.history.Journal.Entry;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.Cost;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.UsageSample;
import dev.berth.protocol.Viewport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final SessionId ID = SessionId.random();
    private static final TaskId TASK = TaskId.random();

    @TempDir
    Path parent;

    private Journal journal(int maxFacts, long maxBytes) throws IOException {
        Journal journal = new Journal(parent.resolve("journal"), maxFacts, maxBytes);
        journal.open();
        return journal;
    }

    static List<Fact> everyFact() {
        ActionEntry action = new ActionEntry(
                "action-1",
                "type",
                AT,
                true,
                Map.of("text", "grüß \u0000😀", "nested", List.of(1, Map.of("a", true))),
                12,
                ActionSource.CDP,
                Optional.of("why"),
                Cost.NONE);
        ArtifactEntry artifact = new ArtifactEntry(
                "pdf-1",
                ArtifactType.PDF,
                "sessions/s/pdf/pdf-1.pdf",
                Optional.of("a.pdf"),
                AT,
                "application/pdf",
                7,
                ArtifactState.PENDING);
        NavigationEntry navigation = new NavigationEntry("https://a.b", "Title", AT);
        SessionDescription last = new SessionDescription(
                ID,
                SessionStatus.COMPLETED,
                Optional.empty(),
                "https://a.b",
                "Title",
                AT,
                Optional.of(AT),
                Optional.of(AT.plusSeconds(9)),
                Optional.of(EndReason.CLIENT),
                Optional.empty(),
                AT.plusSeconds(3_600),
                "d0000001",
                1,
                0,
                1,
                9_000,
                List.of(navigation),
                new SessionOptions(
                        SessionOptions.CHROMIUM,
                        Viewport.DEFAULT,
                        new SessionTimeouts(1_000, 1_000, 0),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Map.of("team", "qa"),
                new Cost(0.25, 0, 0),
                Optional.empty());
        return List.of(
                new ActionsDone(List.of(new NumberedAction(ID, 3, action))),
                new ArtifactKept(ID, artifact, Optional.of(3L)),
                new ObjectStored("sessions/s/pdf/pdf-1.pdf", Optional.of(4L)),
                new ArtifactComplete(
                        "sessions/s/recording/recording-1.webm", 5, Optional.of(AT), Optional.of(AT.plusSeconds(5))),
                new ArtifactLost("sessions/s/recording/recording-2.webm", Optional.empty()),
                new ChunkSealed(new ChunkKey(ID, LogKind.NETWORK, 10, 20)),
                new SessionOver(last, Map.of(0L, navigation), List.of(new UsageSample(AT, 180.5, 0.25))),
                new TaskMoved(task(), AT),
                new TaskStepped(TASK, step()));
    }

    private static TaskView task() {
        return new TaskView(
                TASK,
                ID,
                7,
                "Buy tea",
                TaskStatus.WAITING,
                Optional.empty(),
                Optional.of("grüß?"),
                Optional.empty(),
                3,
                new Cost(0.25, 3, 4),
                AT,
                Optional.empty());
    }

    private static TaskStep step() {
        return new TaskStep(
                1,
                AT,
                "click",
                Map.of("selector", "e7", "nested", Map.of("list", List.of(1, true))),
                true,
                Optional.of("it is the cart"),
                Optional.empty(),
                Optional.of("action-1"),
                12,
                Cost.NONE);
    }

    private static List<Fact> drain(Journal journal) throws IOException {
        List<Fact> facts = new ArrayList<>();
        for (List<Entry> next = oldest(journal, 1); !next.isEmpty(); next = oldest(journal, 1)) {
            facts.add(next.get(0).fact());
            journal.removeThrough(next.get(0).number());
        }
        return facts;
    }

    private static List<Entry> oldest(Journal journal, int maxFacts) throws IOException {
        return journal.oldest(maxFacts, 1 << 20);
    }

    @Test
    void everyKindOfFactIsTested() {
        assertThat(everyFact().stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
    }

    @Test
    void factsAreReadBackInOrderEvenByAnotherProcess() throws IOException {
        Journal first = journal(100, 1 << 20);
        long number = 7;
        for (Fact fact : everyFact()) {
            first.append(number++, fact);
        }
        assertThat(oldest(first, 1)).containsExactly(new Entry(7, everyFact().get(0)));
        first.removeThrough(7);
        Journal second = new Journal(parent.resolve("journal"), 100, 1 << 20);
        assertThat(second.open()).isEqualTo(number - 1);
        second.append(number, everyFact().get(0));
        List<Fact> expected = new ArrayList<>(everyFact().subList(1, everyFact().size()));
        expected.add(everyFact().get(0));
        assertThat(second.size()).isEqualTo(expected.size());
        assertThat(drain(second)).isEqualTo(expected);
        assertThat(second.size()).isZero();
        assertThat(parent.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void factsAreOrderedByNumberNotByName() throws IOException {
        Journal journal = journal(100, 1 << 20);
        for (int i = 0; i < 12; i++) {
            journal.append(i, new ObjectStored("key-" + i, Optional.empty()));
        }
        assertThat(drain(journal(100, 1 << 20)))
                .extracting(fact -> ((ObjectStored) fact).objectKey())
                .containsExactly(
                        "key-0", "key-1", "key-2", "key-3", "key-4", "key-5", "key-6", "key-7", "key-8", "key-9",
                        "key-10", "key-11");
    }

    @Test
    void halfWrittenFilesAreRemoved() throws IOException {
        journal(100, 1 << 20).append(0, everyFact().get(2));
        Files.writeString(parent.resolve("journal/part"), "{\"fact\":");
        assertThat(drain(journal(100, 1 << 20))).containsExactly(everyFact().get(2));
    }

    @Test
    void readsAreLimitedInNumberAndBytes() throws IOException {
        Journal journal = journal(100, 1 << 20);
        for (int i = 0; i < 5; i++) {
            journal.append(i, new ObjectStored("key-" + i, Optional.empty()));
        }
        long size = Files.size(parent.resolve("journal/000000000000.json"));
        assertThat(journal.oldest(3, 1 << 20)).extracting(Entry::number).containsExactly(0L, 1L, 2L);
        assertThat(journal.oldest(5, 2 * size)).extracting(Entry::number).containsExactly(0L, 1L);
        assertThat(journal.oldest(5, 1)).extracting(Entry::number).containsExactly(0L);
        journal.removeThrough(3);
        assertThat(journal.oldest(5, 1 << 20)).extracting(Entry::number).containsExactly(4L);
    }

    @Test
    void anUnreadableFileIsRenamedAndBlocksNoOther() throws IOException {
        Journal first = journal(100, 1 << 20);
        first.append(0, everyFact().get(2));
        first.append(1, everyFact().get(2));
        Path folder = parent.resolve("journal");
        Files.writeString(folder.resolve("000000000000.json"), "{\"fact\":\"of another version\"}");
        Files.createDirectory(folder.resolve("000000000002.json"));
        Files.writeString(folder.resolve("000000000003.json"), "");
        assertThat(oldest(journal(100, 1 << 20), 1)).extracting(Entry::number).containsExactly(1L);
        Journal third = journal(100, 1 << 20);
        assertThat(oldest(third, 100)).extracting(Entry::number).containsExactly(1L);
        assertThat(third.size()).isEqualTo(1);
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "000000000000.json.bad", "000000000001.json", "000000000002.json.bad", "000000000003.json.bad");
    }

    @Test
    void isBoundedInNumberAndBytes() throws IOException {
        Journal few = journal(1, 1 << 20);
        few.append(0, everyFact().get(2));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> few.append(1, everyFact().get(2)))
                .withMessageContaining("full");
        assertThat(drain(few)).hasSize(1);
        few.append(2, everyFact().get(2));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> journal(100, 10).append(3, everyFact().get(2)));
    }

    @Test
    void itsFilesAreReadableByTheServerOnly() throws IOException {
        journal(1, 1 << 20).append(0, everyFact().get(0));
        Path folder = parent.resolve("journal");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("000000000000.json"))))
                .isEqualTo("rw-------");
    }

    /** A server of the previous version, without offsets, may have left such a fact. */
    @Test
    void aFactWithoutAnOffsetGetsTheNextOne() throws Exception {
        assertThat(ProtocolJson.MAPPER.readValue("{\"fact\":\"object-stored\",\"objectKey\":\"a\"}", Fact.class))
                .isEqualTo(new ObjectStored("a", Optional.empty()));
    }
}

package dev.berth.history.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.fake.SampleTask;
import dev.berth.history.Fact;
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
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.Cost;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import dev.berth.protocol.UsageSample;
import dev.berth.protocol.UsageSample.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

    private Journal journal() throws IOException {
        return journal(1 << 20, 1 << 20);
    }

    /** As the next process opens it. */
    private Journal journal(long maxFileBytes, long maxBytes) throws IOException {
        Journal journal = new Journal(parent.resolve("journal"), maxFileBytes, maxBytes);
        journal.open();
        return journal;
    }

    private String[] files() {
        String[] names = parent.resolve("journal").toFile().list();
        Arrays.sort(names);
        return names;
    }

    private static Fact stored(String key) {
        return new ObjectStored(key, Optional.empty());
    }

    private static List<Fact> everyFact() {
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
                SampleTask.OPTIONS,
                Map.of("team", "qa"),
                new Cost(0.25, 0, 0),
                Optional.empty(),
                Optional.empty(),
                Traffic.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ErrorCounts.NONE,
                List.of());
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
        for (List<Fact> next = journal.next(); !next.isEmpty(); next = journal.next()) {
            facts.addAll(next);
        }
        return facts;
    }

    @Test
    void everyKindOfFactIsTested() {
        assertThat(everyFact().stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
    }

    @Test
    void factsAreReadInOrderEvenByTheNextProcess() throws IOException {
        Journal first = journal();
        for (Fact fact : everyFact()) {
            first.append(fact);
        }
        assertThat(first.next()).isEqualTo(everyFact());
        Journal second = journal();
        second.append(stored("last"));
        assertThat(files()).hasSize(2);
        List<Fact> expected = new ArrayList<>(everyFact());
        expected.add(stored("last"));
        assertThat(drain(second)).isEqualTo(expected);
        assertThat(files()).isEmpty();
    }

    @Test
    void aBatchIsLimitedInBytes() throws IOException {
        Journal journal = journal();
        String large = "x".repeat(40 << 10);
        for (String key : List.of("a", "b", "c")) {
            journal.append(stored(key + large));
        }
        assertThat(journal.next()).containsExactly(stored("a" + large), stored("b" + large));
        assertThat(journal.next()).containsExactly(stored("c" + large));
    }

    @Test
    void aFullFileIsFollowedByAnotherAndRemovedOnceItsFactsAreSent() throws IOException {
        Journal journal = journal(100, 1 << 20);
        for (String key : List.of("a", "b", "c", "d", "e")) {
            journal.append(stored(key));
        }
        assertThat(files()).hasSize(3);
        assertThat(journal.next()).containsExactly(stored("a"), stored("b"));
        assertThat(files()).hasSize(3);
        assertThat(journal.next()).containsExactly(stored("c"), stored("d"));
        assertThat(files()).hasSize(2);
        assertThat(drain(journal(100, 1 << 20))).containsExactly(stored("c"), stored("d"), stored("e"));
    }

    /** Damaged by the disk, cut off by a loss of power, and written by a newer version. */
    @Test
    void aLineThatCannotBeReadBlocksNoOtherAndItsFileIsKept() throws IOException {
        Journal first = journal();
        for (String key : List.of("a", "b", "c", "d")) {
            first.append(stored(key));
        }
        Path file = parent.resolve("journal").resolve(files()[0]);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replace("\"b\"", "\"B\""));
        lines.set(2, "");
        Files.writeString(file, String.join("\n", lines) + "\n0123");
        Journal second = journal();
        assertThat(drain(second)).containsExactly(stored("a"), stored("d"));
        assertThat(files()).containsExactly(file.getFileName() + ".bad");
    }

    @Test
    void aFileThatTheDiskDoesNotGiveBlocksNoOtherAndIsKept() throws IOException {
        // It can be opened, but not read.
        Files.createDirectories(parent.resolve("journal").resolve("000000000003.facts"));
        Journal journal = journal();
        journal.append(stored("a"));
        assertThat(drain(journal)).containsExactly(stored("a"));
        assertThat(files()).containsExactly("000000000003.facts.bad");
    }

    @Test
    void filesOfOneFactThatAnEarlierVersionLeftAreReadFirst() throws IOException {
        Path folder = Files.createDirectory(parent.resolve("journal"));
        Files.writeString(folder.resolve("000000000009.json"), "{\"fact\":\"object-stored\",\"objectKey\":\"a\"}");
        Files.writeString(folder.resolve("000000000010.json"), "{\"fact\":\"of another version\"}");
        Files.writeString(folder.resolve("000000000011.json"), "{\"fact\":\"object-stored\",\"objectKey\":\"b\"}");
        Journal journal = journal();
        journal.append(stored("c"));
        assertThat(drain(journal)).containsExactly(stored("a"), stored("b"), stored("c"));
        assertThat(files()).containsExactly("000000000010.json.bad");
    }

    @Test
    void isBoundedInBytes() throws IOException {
        Journal journal = journal(1 << 20, 120);
        journal.append(stored("a"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> journal.append(stored("b".repeat(50))))
                .withMessageContaining("full");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> journal(1 << 20, 120).append(stored("b".repeat(50))));
        assertThat(drain(journal)).containsExactly(stored("a"));
        journal.append(stored("b".repeat(50)));
        assertThat(drain(journal)).hasSize(1);
    }

    @Test
    void itsFolderIsForTheServerOnly() throws IOException {
        journal();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("journal"))))
                .isEqualTo("rwx------");
    }
}

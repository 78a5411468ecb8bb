package dev.berth.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStep;
import dev.berth.protocol.UsageSample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that must be written to Postgres sooner or later. Writing it late is safe, and so is writing a row of facts twice. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fact.ActionsDone.class, name = "actions-done"),
    @JsonSubTypes.Type(value = Fact.ArtifactKept.class, name = "artifact-kept"),
    @JsonSubTypes.Type(value = Fact.ArtifactComplete.class, name = "artifact-complete"),
    @JsonSubTypes.Type(value = Fact.ArtifactLost.class, name = "artifact-lost"),
    @JsonSubTypes.Type(value = Fact.ObjectStored.class, name = "object-stored"),
    @JsonSubTypes.Type(value = Fact.ChunkSealed.class, name = "chunk-sealed"),
    @JsonSubTypes.Type(value = Fact.SessionOver.class, name = "session-over"),
    @JsonSubTypes.Type(value = Fact.TaskMoved.class, name = "task-moved"),
    @JsonSubTypes.Type(value = Fact.TaskStepped.class, name = "task-stepped")
})
public sealed interface Fact {
    /** The smallest facts that say the same together. */
    default List<? extends Fact> parts() {
        return List.of(this);
    }

    /** Actions of any sessions. */
    record ActionsDone(List<NumberedAction> actions) implements Fact {
        public ActionsDone {
            actions = List.copyOf(actions);
        }

        @Override
        public List<? extends Fact> parts() {
            return actions.stream()
                    .map(action -> new ActionsDone(List.of(action)))
                    .toList();
        }
    }

    /**
     * An action of a session, with its number.
     *
     * @param seq its number in the session
     */
    record NumberedAction(SessionId sessionId, long seq, ActionEntry action) {}

    /**
     * An artifact was listed.
     *
     * @param offset in the session's story; if absent, the next one
     */
    record ArtifactKept(SessionId sessionId, ArtifactEntry artifact, Optional<Long> offset) implements Fact {}

    /** A recording that was listed before it was complete has this size, and covers this time where that is known. */
    record ArtifactComplete(String objectKey, long size, Optional<Instant> startedAt, Optional<Instant> endedAt)
            implements Fact {
        static ArtifactComplete of(ArtifactEntry complete) {
            return new ArtifactComplete(
                    complete.objectKey(), complete.size(), complete.startedAt(), complete.endedAt());
        }
    }

    /**
     * The loss of an artifact of which nothing could be saved.
     *
     * @param offset in the session's story; if absent, the next one
     */
    record ArtifactLost(String objectKey, Optional<Long> offset) implements Fact {}

    /**
     * The object store has the bytes of an artifact.
     *
     * @param offset in the session's story; if absent, the next one
     */
    record ObjectStored(String objectKey, Optional<Long> offset) implements Fact {}

    /** A part of a log was stored, by an earlier version: this one puts parts into the index itself. */
    record ChunkSealed(ChunkKey chunk) implements Fact {}

    /**
     * The final state of a session.
     *
     * @param navigations by their number in the session
     * @param usage of its Chrome, oldest first
     */
    record SessionOver(SessionDescription last, Map<Long, NavigationEntry> navigations, List<UsageSample> usage)
            implements Fact {
        public SessionOver {
            navigations = Map.copyOf(navigations);
            // Absent in what earlier versions wrote.
            usage = usage == null ? List.of() : List.copyOf(usage);
        }
    }

    /** An AI task changed its status, or asks something. */
    record TaskMoved(TaskView task, Instant at) implements Fact {}

    /** An AI task did a step. */
    record TaskStepped(TaskId taskId, TaskStep step) implements Fact {}
}

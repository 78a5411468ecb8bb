package dev.berth.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Postgres must be told, sooner or later: telling it twice is harmless, and so is telling it late. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fact.ActionsDone.class, name = "actions-done"),
    @JsonSubTypes.Type(value = Fact.ArtifactKept.class, name = "artifact-kept"),
    @JsonSubTypes.Type(value = Fact.ObjectStored.class, name = "object-stored"),
    @JsonSubTypes.Type(value = Fact.ChunkSealed.class, name = "chunk-sealed"),
    @JsonSubTypes.Type(value = Fact.SessionOver.class, name = "session-over")
})
sealed interface Fact {
    /** Two that say the same together; empty where it can't be split. */
    default List<Fact> halves() {
        return List.of();
    }

    /** Actions, of whichever sessions. */
    record ActionsDone(List<NumberedAction> actions) implements Fact {
        public ActionsDone {
            actions = List.copyOf(actions);
        }

        @Override
        public List<Fact> halves() {
            int half = actions.size() / 2;
            return half == 0
                    ? List.of()
                    : List.of(
                            new ActionsDone(actions.subList(0, half)),
                            new ActionsDone(actions.subList(half, actions.size())));
        }
    }

    /**
     * An action of a session.
     *
     * @param seq its number in the session
     */
    record NumberedAction(SessionId sessionId, long seq, ActionEntry action) {}

    /**
     * There is a file.
     *
     * @param offset in the story of its session; the next one where it is absent
     */
    record ArtifactKept(SessionId sessionId, ArtifactEntry artifact, Optional<Long> offset) implements Fact {}

    /**
     * The object store has the bytes of a file.
     *
     * @param offset in the story of its session; the next one where it is absent
     */
    record ObjectStored(String objectKey, Optional<Long> offset) implements Fact {}

    /** There is a part of a log. */
    record ChunkSealed(ChunkKey chunk) implements Fact {}

    /**
     * The last word on a session.
     *
     * @param navigations by their number in the session
     */
    record SessionOver(SessionSnapshot last, Map<Long, NavigationEntry> navigations) implements Fact {
        public SessionOver {
            navigations = Map.copyOf(navigations);
        }
    }
}

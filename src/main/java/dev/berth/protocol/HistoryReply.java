package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.berth.protocol.SessionReply.SessionDescription;
import java.util.List;

/** The reply to a {@link HistoryCommand}. */
public sealed interface HistoryReply {

    /** A session, as it was last written. */
    record SessionFound(SessionDescription session) implements HistoryReply {}

    /**
     * A part of a session's story.
     *
     * @param events empty where nothing more is kept yet
     * @param next the cursor to go on from
     * @param over whether the session has ended, and this is the last page
     */
    record StoryPage(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
            @JsonSubTypes({
                @Type(value = SessionEvent.SessionCreated.class, name = "created"),
                @Type(value = SessionEvent.SessionStarted.class, name = "started"),
                @Type(value = SessionEvent.SessionEnded.class, name = "ended"),
                @Type(value = SessionEvent.SessionUpdated.class, name = "updated"),
                @Type(value = SessionEvent.StepReported.class, name = "step"),
                @Type(value = SessionEvent.PageNavigated.class, name = "navigated"),
                @Type(value = SessionEvent.ActionPerformed.class, name = "performed"),
                @Type(value = SessionEvent.ArtifactKept.class, name = "kept"),
                @Type(value = SessionEvent.LogAppended.class, name = "logged")
            })
            List<SessionEvent> events,

            StoryCursor next,
            boolean over)
            implements HistoryReply {
        public StoryPage {
            events = List.copyOf(events);
        }
    }
}

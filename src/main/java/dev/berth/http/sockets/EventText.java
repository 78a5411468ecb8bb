package dev.berth.http.sockets;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.berth.history.task.TaskStory;
import dev.berth.http.request.Answers;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.Lifecycle;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.protocol.StoryCursor;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Writes events in the format of server-sent events. Their JSON has no line feeds. */
final class EventText {
    /** How long a client waits before it connects again. */
    private static final int RETRY_MILLIS = 2_000;

    private EventText() {}

    /** A step in the life of a session. */
    record Status(SessionId sessionId, SessionStatus status, Optional<EndReason> endReason, Instant timestamp) {
        static Status of(Lifecycle event) {
            if (event instanceof SessionEnded ended) {
                return new Status(ended.sessionId(), ended.status(), Optional.of(ended.reason()), ended.timestamp());
            }
            SessionStatus status = event instanceof SessionCreated ? SessionStatus.CREATING : SessionStatus.RUNNING;
            return new Status(event.sessionId(), status, Optional.empty(), event.timestamp());
        }
    }

    /** The session's name, outcome and labels, as its client last reported them. */
    record Updated(SessionId sessionId, @JsonUnwrapped SessionLabels labels, Instant timestamp) {
        static Updated of(SessionUpdated event) {
            return new Updated(event.sessionId(), event.labels(), event.timestamp());
        }
    }

    /** The beginning of a stream. The id counts although no event has it. */
    static Buffer head(String id) {
        return Buffer.buffer("retry: " + RETRY_MILLIS + "\nid: " + id + "\n\n");
    }

    static Buffer heartbeat() {
        return Buffer.buffer(":\n\n");
    }

    /**
     * Appends an event of a session's stream.
     *
     * @param after the position after it
     * @param links to the artifacts
     */
    static void append(Buffer out, SessionEvent event, StoryCursor after, Links links) {
        if (event instanceof LogAppended log) {
            append(out, log, after);
        } else {
            begin(out, event.kind().wireName(), after.toString());
            out.appendBuffer(ShownJson.write(content(event), links));
            end(out);
        }
    }

    /** Each line is an event, with an id of its own. Their ids differ in one number only. */
    private static void append(Buffer out, LogAppended log, StoryCursor after) {
        String[] last = after.toString().split("\\.");
        int place = log.kind().ordinal();
        String before = String.join(".", Arrays.copyOf(last, place)) + ".";
        String rest = "." + String.join(".", Arrays.copyOfRange(last, place + 1, last.length));
        for (int i = 0; i < log.lines().count(); i++) {
            begin(out, log.kind().wireName(), before + (log.offset() + i + 1) + rest);
            log.lines().writeTo(out, i, i + 1);
            end(out);
        }
    }

    /** Appends an event of a user's stream. */
    static void append(Buffer out, Lifecycle event, long number) {
        begin(out, event.kind().wireName(), Long.toString(number));
        out.appendBuffer(Answers.encode(about(event)));
        end(out);
    }

    /** Appends what a task told. */
    static void append(Buffer out, TaskStory.Entry entry) {
        begin(out, entry.isStep() ? "step" : "status", Long.toString(entry.number()));
        out.appendBuffer(entry.told().toBuffer());
        end(out);
    }

    private static Object content(SessionEvent event) {
        if (event instanceof PageNavigated navigated) {
            return navigated.navigation();
        } else if (event instanceof ActionPerformed performed) {
            return performed.action();
        } else if (event instanceof ArtifactKept kept) {
            return kept.artifact();
        }
        return event instanceof StepReported reported ? reported.step() : about((Lifecycle) event);
    }

    private static Object about(Lifecycle event) {
        return event instanceof SessionUpdated updated ? Updated.of(updated) : Status.of(event);
    }

    private static void begin(Buffer out, String kind, String id) {
        out.appendString("id: ")
                .appendString(id)
                .appendString("\nevent: ")
                .appendString(kind)
                .appendString("\ndata: ");
    }

    private static void end(Buffer out) {
        out.appendString("\n\n");
    }
}

package dev.berth.http.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskView;
import java.time.Instant;
import java.util.Optional;

/** An AI task as its user sees it. */
public record TaskAnswer(
        TaskId taskId,
        SessionId sessionId,
        String instruction,
        TaskStatus status,
        Optional<JsonNode> output,
        Optional<String> question,
        Optional<String> error,
        int steps,
        Cost cost,
        Instant startedAt,
        Optional<Instant> completedAt) {
    static TaskAnswer of(TaskView task) {
        return new TaskAnswer(
                task.taskId(),
                task.sessionId(),
                task.instruction(),
                task.status(),
                task.output().map(TaskAnswer::json),
                task.question(),
                task.error(),
                task.steps(),
                task.cost(),
                task.startedAt(),
                task.completedAt());
    }

    /** Text of another node that is no JSON is shown as it is. */
    private static JsonNode json(String output) {
        try {
            return ProtocolJson.MAPPER.readTree(output);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(output);
        }
    }
}

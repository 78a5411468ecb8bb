package dev.berth.report;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.Cost;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import dev.berth.protocol.Truncation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The report of a session, failures first. Bounded: of each kind the latest entries, and how many there are.
 *
 * @param failedSteps that the client reported
 * @param consoleErrors also uncaught exceptions, and resources that failed to load
 * @param failedRequests without a response, or with a status of 400 or more
 */
public record SessionReport(
        Instant madeAt,
        SessionDescription session,
        Part<StepEntry> failedSteps,
        Part<ActionEntry> failedActions,
        Part<ConsoleLine> consoleErrors,
        Part<RequestLine> failedRequests,
        Part<TaskLine> tasks,
        Part<ConsoleLine> consoleWarnings,
        Part<StepEntry> steps,
        Part<ActionEntry> actions,
        Part<ArtifactEntry> artifacts) {
    private static final int MAX_TEXT_CHARS = 2_000;
    private static final int MAX_STACK = 5;

    /**
     * A part of the report: the latest entries of a kind.
     *
     * @param total how many there are
     * @param latest oldest first
     */
    public record Part<T>(long total, List<T> latest) {
        public Part {
            latest = List.copyOf(latest);
        }
    }

    private static String cut(String text) {
        return Truncation.marked(text, MAX_TEXT_CHARS);
    }

    /**
     * A console line, whose texts a page chooses: cut, so that the report is bounded.
     *
     * @param offset its place in the console log
     */
    public record ConsoleLine(
            long offset,
            Instant timestamp,
            String message,
            Optional<String> url,
            Optional<Integer> line,
            String source,
            List<String> stack,
            Optional<String> pageId) {
        public static ConsoleLine of(long offset, ConsoleEntry entry) {
            return new ConsoleLine(
                    offset,
                    entry.timestamp(),
                    cut(entry.message()),
                    entry.url().map(SessionReport::cut),
                    entry.line(),
                    entry.source(),
                    entry.stack().stream()
                            .limit(MAX_STACK)
                            .map(SessionReport::cut)
                            .toList(),
                    entry.pageId());
        }
    }

    /**
     * A request without headers, timings and messages, and with its texts cut, so that the report is bounded.
     *
     * @param offset its place in the log of requests, by which its body is read
     * @param duration milliseconds
     */
    public record RequestLine(
            long offset,
            Instant timestamp,
            String method,
            String url,
            Optional<Integer> status,
            Optional<String> error,
            String resourceType,
            double duration,
            Optional<String> pageId) {
        public static RequestLine of(long offset, NetworkEntry entry) {
            return new RequestLine(
                    offset,
                    entry.timestamp(),
                    entry.method(),
                    cut(entry.url()),
                    entry.status(),
                    entry.error().map(SessionReport::cut),
                    entry.resourceType(),
                    entry.duration(),
                    entry.pageId());
        }
    }

    /**
     * An AI task, with its texts cut, and its latest steps.
     *
     * @param output the beginning of its JSON text
     * @param steps how many it did
     */
    public record TaskLine(
            TaskId taskId,
            String instruction,
            TaskStatus status,
            Optional<String> output,
            Optional<String> question,
            Optional<String> error,
            int steps,
            Cost cost,
            Instant startedAt,
            Optional<Instant> completedAt,
            List<StepLine> latestSteps) {
        public static TaskLine of(TaskView task, List<TaskStep> latest) {
            return new TaskLine(
                    task.taskId(),
                    cut(task.instruction()),
                    task.status(),
                    task.output().map(SessionReport::cut),
                    task.question().map(SessionReport::cut),
                    task.error().map(SessionReport::cut),
                    task.steps(),
                    task.cost(),
                    task.startedAt(),
                    task.completedAt(),
                    latest.stream().map(StepLine::of).toList());
        }
    }

    /** A step of an AI task; what it was called with is in the action log. */
    public record StepLine(
            int number,
            Instant at,
            String tool,
            boolean success,
            Optional<String> reason,
            Optional<String> error,
            Optional<String> actionId,
            long duration,
            Cost cost) {
        static StepLine of(TaskStep step) {
            return new StepLine(
                    step.number(),
                    step.at(),
                    step.tool(),
                    step.success(),
                    step.reason(),
                    step.error().map(SessionReport::cut),
                    step.actionId(),
                    step.duration(),
                    step.cost());
        }
    }
}

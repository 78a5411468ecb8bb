package dev.berth.http.export;

import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.ReportRepository;
import dev.berth.history.ReportRepository.Steps;
import dev.berth.history.task.TaskListing;
import dev.berth.history.task.TaskStory;
import dev.berth.http.request.Authentication;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.logs.LogPage;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines.AnyOf;
import dev.berth.protocol.LogLines.Condition;
import dev.berth.protocol.LogLines.FieldBegins;
import dev.berth.protocol.LogLines.FieldIs;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.TaskView;
import dev.berth.report.SessionReport;
import dev.berth.report.SessionReport.ConsoleLine;
import dev.berth.report.SessionReport.Part;
import dev.berth.report.SessionReport.RequestLine;
import dev.berth.report.SessionReport.TaskLine;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Reads what a report tells. Its searches of the logs follow one another: a user may have few at once. For any event loop. */
public final class ReportReader {
    private static final int MAX_FAILURES = 50;
    private static final int MAX_ACTIONS = 100;
    private static final int MAX_ARTIFACTS = 100;
    private static final int MAX_TASKS = 10;
    private static final int MAX_STEPS = 30;

    private static final Condition ERROR = new FieldIs("level", "\"error\"");
    private static final Condition WARNING = new FieldIs("level", "\"warn\"");
    private static final Condition FAILED = new AnyOf(
            List.of(new FieldBegins("error", "\""), new FieldBegins("status", "4"), new FieldBegins("status", "5")));

    private final ReadableLogs logs;
    private final ActionRepository actions;
    private final ArtifactRepository artifacts;
    private final TaskListing tasks;
    private final TaskStory steps;
    private final ReportRepository reports;

    public ReportReader(
            ReadableLogs logs,
            ActionRepository actions,
            ArtifactRepository artifacts,
            TaskListing tasks,
            TaskStory steps,
            ReportRepository reports) {
        this.reports = reports;
        this.logs = logs;
        this.actions = actions;
        this.artifacts = artifacts;
        this.tasks = tasks;
        this.steps = steps;
    }

    Future<SessionReport> read(RoutingContext ctx, SessionDescription session) {
        SessionId id = session.sessionId();
        var failed = actions.failed(id, MAX_FAILURES).map(ReportReader::part);
        var latest = actions.page(id, Math.max(0, session.actionCount() - MAX_ACTIONS), MAX_ACTIONS)
                .map(ReportReader::part);
        var errors = console(ctx, ERROR);
        var warnings = errors.compose(done -> console(ctx, WARNING));
        var requests = warnings.compose(
                done -> search(ctx, LogKind.NETWORK, FAILED, page -> lines(page, NetworkEntry.class, RequestLine::of)));
        var told = tasks(Authentication.user(ctx), id);
        var kept = artifacts(id);
        var failedSteps = reports.latest(id, true, MAX_FAILURES).map(ReportReader::part);
        var latestSteps = reports.latest(id, false, MAX_ACTIONS).map(ReportReader::part);
        return Future.all(List.of(failed, latest, errors, warnings, requests, told, kept, failedSteps, latestSteps))
                .map(all -> new SessionReport(
                        Instant.now(),
                        session,
                        failedSteps.result(),
                        failed.result(),
                        errors.result(),
                        requests.result(),
                        told.result(),
                        warnings.result(),
                        latestSteps.result(),
                        latest.result(),
                        kept.result()));
    }

    private static Part<ActionEntry> part(ActionSlice slice) {
        return new Part<>(slice.total(), slice.actions());
    }

    private static Part<StepEntry> part(Steps latest) {
        return new Part<>(latest.total(), latest.steps());
    }

    private Future<Part<ConsoleLine>> console(RoutingContext ctx, Condition condition) {
        return search(ctx, LogKind.CONSOLE, condition, page -> lines(page, ConsoleEntry.class, ConsoleLine::of));
    }

    /** Writes the entries of a page. */
    private interface Lines<T> {
        List<T> of(LogPage page);
    }

    private <T> Future<Part<T>> search(RoutingContext ctx, LogKind kind, Condition condition, Lines<T> lines) {
        return page(ctx, kind, condition, 0)
                // The first ones tell how many there are.
                .compose(first -> first.total() <= MAX_FAILURES
                        ? Future.succeededFuture(first)
                        : page(ctx, kind, condition, first.total() - MAX_FAILURES))
                .compose(page -> ctx.vertx().executeBlocking(() -> new Part<>(page.total(), lines.of(page)), false));
    }

    private Future<LogPage> page(RoutingContext ctx, LogKind kind, Condition condition, long offset) {
        return logs.filter(ctx, kind, List.of(condition), offset, MAX_FAILURES);
    }

    private static <E, T> List<T> lines(LogPage page, Class<E> type, BiFunction<Long, E, T> line) {
        List<T> all = new ArrayList<>();
        page.forEach((offset, entries, index) ->
                all.add(line.apply(offset, entries.as(type, index, index + 1).get(0))));
        return all;
    }

    private Future<Part<TaskLine>> tasks(long user, SessionId id) {
        return tasks.in(id, user, MAX_TASKS)
                .compose(page -> Future.all(
                                page.tasks().stream().map(this::task).toList())
                        .map(all -> new Part<>(page.total(), all.<TaskLine>list())));
    }

    private Future<TaskLine> task(TaskView task) {
        return steps.latestSteps(task.taskId(), MAX_STEPS).map(latest -> TaskLine.of(task, latest));
    }

    private Future<Part<ArtifactEntry>> artifacts(SessionId id) {
        return artifacts
                .list(id)
                .map(all -> new Part<>(
                        all.size(),
                        all.stream()
                                .skip(Math.max(0, all.size() - MAX_ARTIFACTS))
                                .toList()));
    }
}

package dev.berth.http.routes;

import dev.berth.history.ReportRepository;
import dev.berth.history.ReportRepository.Steps;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.OptionsReader;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.Validation;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.ReportCommand.AddSteps;
import dev.berth.protocol.ReportCommand.StepsAdded;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Routes for clients' reports on their work in a session: name, outcome, labels and steps, while the session lives and after its end. */
public final class ReportRoutes {
    private static final int DEFAULT_STEPS = 500;

    private final SessionAccess access;
    private final ReportRepository reports;
    private final OptionsReader options;
    private final SessionRoutes sessions;

    /** @param sessions shows a session that has changed */
    public ReportRoutes(SessionAccess access, ReportRepository reports, OptionsReader options, SessionRoutes sessions) {
        this.access = access;
        this.reports = reports;
        this.options = options;
        this.sessions = sessions;
    }

    public Future<SessionView> update(RoutingContext ctx) {
        UpdateSession change = change(JsonBody.of(ctx));
        return access.ask(ctx, change, Future::succeededFuture, ended -> updateEnded(ctx, ended, change))
                .map(sessions.reader(ctx)::view);
    }

    private Future<SessionDescription> updateEnded(
            RoutingContext ctx, SessionDescription session, UpdateSession change) {
        if (session.endReason().isEmpty()) {
            return Future.failedFuture(session.absence());
        }
        if (change.timeouts().some()) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.SESSION_ENDED,
                    "timeouts: the session has ended; you can still change name, outcome and metadata"));
        }
        return reports.update(session.sessionId(), Optional.of(Authentication.user(ctx)), change, Optional.empty())
                .onSuccess(updated -> tell(ctx, updated))
                .compose(updated -> access.describe(ctx));
    }

    /** Tells the user's streams and the webhooks; the stream of a session that has ended is over. */
    private static void tell(RoutingContext ctx, SessionUpdated updated) {
        DeliveryOptions toOwner = new DeliveryOptions();
        Envelope.EMPTY.with(Authentication.user(ctx)).writeTo(toOwner);
        Publishing.publish(ctx.vertx(), Addresses.SESSIONS, updated, toOwner);
    }

    /** The contract has checked the types. */
    private UpdateSession change(JsonObject body) {
        Map<String, Optional<String>> metadata = new HashMap<>();
        body.getJsonObject("metadata", new JsonObject())
                .forEach(label -> metadata.put(label.getKey(), Optional.ofNullable((String) label.getValue())));
        return new UpdateSession(
                Optional.ofNullable(body.getString("name")),
                Optional.ofNullable(body.getString("outcome"))
                        .map(outcome -> ProtocolJson.constant(Outcome.class, outcome)),
                Optional.ofNullable(body.getString("outcomeReason")),
                metadata,
                options.changed(body.getJsonObject("timeouts", new JsonObject())));
    }

    public Future<StepsAdded> addSteps(RoutingContext ctx) {
        AddSteps command = new AddSteps(steps(JsonBody.of(ctx)));
        return access.ask(
                ctx,
                command,
                Future::succeededFuture,
                ended -> reports.add(ended.sessionId(), command.steps()).map(added -> new StepsAdded(added.size())));
    }

    /** One step, or {@code steps}. */
    private static List<StepEntry> steps(JsonObject body) {
        JsonArray many = body.getJsonArray("steps");
        if (many == null) {
            return List.of(step(body));
        }
        if (body.size() > 1) {
            throw Validation.invalid("steps: give either steps or the fields of one step");
        }
        return many.stream().map(JsonObject.class::cast).map(ReportRoutes::step).toList();
    }

    private static StepEntry step(JsonObject given) {
        if (!given.containsKey("title")) {
            throw Validation.invalid("title is missing: give the fields of one step, or a list of them as steps");
        }
        return new StepEntry(
                given.getString("stepId", UUID.randomUUID().toString()),
                given.getString("title"),
                ProtocolJson.constant(StepKind.class, given.getString("kind", "step")),
                Optional.ofNullable(given.getString("startedAt"))
                        .map(ReportRoutes::instant)
                        .orElseGet(Instant::now),
                given.getLong("duration", 0L),
                Optional.ofNullable(given.getString("error")),
                Optional.ofNullable(given.getString("parentId")));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw Validation.invalid("startedAt: must be a time such as 2026-01-02T03:04:05.006Z");
        }
    }

    public Future<Steps> listSteps(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return access.describe(ctx)
                .compose(session -> reports.steps(session.sessionId(), query.offset(), query.limit(DEFAULT_STEPS)));
    }
}

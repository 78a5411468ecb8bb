package dev.berth.http.oneshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionRequest;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The one-shots of the contract: the bytes or the text alone, or JSON with what the session met on the way. For any event loop. */
public final class OneShotRoutes {
    private static final String PAGE_STATUS = "Berth-Page-Status";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "text", "text/plain; charset=utf-8",
            "markdown", "text/markdown; charset=utf-8");

    private final OneShotReader reader;
    private final OneShotAnswers answers;

    public OneShotRoutes(SessionRequest sessions, OneShotAnswers answers) {
        this.reader = new OneShotReader(sessions);
        this.answers = answers;
    }

    private record Met(PageReport report, SessionReply reply) {}

    /** @param data bytes, which become base64; a text; or JSON */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record Shown(@JsonUnwrapped PageReport report, Optional<String> contentType, Object data) {}

    /** Carries out a one-shot and sends the answer. */
    public void answer(RoutingContext ctx, OneShotKind kind) {
        answers.answer(
                ctx,
                reader.read(ctx, kind),
                run -> isForJson(ctx, kind)
                        ? run.run(replies -> PageReport.of(run, replies)
                                        .map(report -> new Met(report, OneShotAnswers.last(replies))))
                                .compose(met -> sendJson(ctx, run, met))
                        : run.run(Future::succeededFuture).compose(replies -> sendPlain(ctx, run, replies)));
    }

    /** Whether the client prefers JSON: a client that takes everything gets the plain form. */
    private static boolean isForJson(RoutingContext ctx, OneShotKind kind) {
        return kind.plainType().isEmpty()
                || ctx.parsedHeaders().accept().stream()
                        .filter(type -> isJson(type)
                                || List.of("*", kind.plainType().get()).contains(type.component()))
                        .findFirst()
                        .filter(OneShotRoutes::isJson)
                        .isPresent();
    }

    private static boolean isJson(MIMEHeader type) {
        return type.component().equals("application") && type.subComponent().equals("json");
    }

    private Future<Void> sendJson(RoutingContext ctx, OneShotRun run, Met met) {
        if (met.reply() instanceof EvaluationResult found) {
            return sendJson(ctx, met, Optional.empty(), found.json().length(), () -> data(new RawValue(found.json())));
        } else if (met.reply() instanceof ContentResult read) {
            return sendJson(ctx, met, Optional.empty(), read.content().length(), () -> data(read.content()));
        }
        ArtifactEntry file = OneShotAnswers.file(met.reply());
        return sendJson(
                ctx, met, Optional.of(file.contentType()), file.size() * 4 / 3, () -> answers.read(run, met.reply()));
    }

    private static Future<Object> data(Object data) {
        return Future.succeededFuture(data);
    }

    /**
     * Counts the answer before its data is read.
     *
     * @param chars the approximate length of the data
     */
    private static Future<Void> sendJson(
            RoutingContext ctx, Met met, Optional<String> contentType, long chars, Supplier<Future<?>> data) {
        return Answers.counted(
                Authentication.user(ctx),
                chars,
                () -> data.get()
                        .compose(found -> OneShotAnswers.encoded(
                                ctx,
                                chars,
                                () -> ShownJson.write(new Shown(met.report(), contentType, found), Links.NONE)))
                        .compose(body -> Answers.send(ctx.response(), 200, body).otherwiseEmpty()));
    }

    private Future<Void> sendPlain(RoutingContext ctx, OneShotRun run, List<SessionReply> replies) {
        PageReport.status(replies).ifPresent(status -> ctx.response().putHeader(PAGE_STATUS, String.valueOf(status)));
        SessionReply last = OneShotAnswers.last(replies);
        if (last instanceof ContentResult read) {
            String format = JsonBody.of(ctx).getString("format", "html");
            return OneShotAnswers.sendText(ctx, read.content(), CONTENT_TYPES.get(format), "content." + format);
        }
        return answers.sendFile(ctx, run, last);
    }
}

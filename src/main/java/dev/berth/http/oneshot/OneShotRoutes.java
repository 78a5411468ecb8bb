package dev.berth.http.oneshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.berth.artifact.ArtifactStore;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.routes.ContentDisposition;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.PdfPrinted;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One-shots over HTTP: the bytes or the text alone, or JSON with what was met on the way. For any event loop. */
public final class OneShotRoutes {
    private static final String PAGE_STATUS = "Berth-Page-Status";
    /** Longer texts are encoded on a worker. */
    private static final int MAX_CHARS_HERE = 1 << 18;

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "text", "text/plain; charset=utf-8",
            "markdown", "text/markdown; charset=utf-8");

    private final SessionClient client;
    private final OneShotReader reader;
    private final ArtifactStore store;

    public OneShotRoutes(SessionClient client, SessionRequest sessions, ArtifactStore store) {
        this.client = client;
        this.reader = new OneShotReader(sessions);
        this.store = store;
    }

    private record Met(PageReport report, SessionReply reply) {}

    /** @param data bytes, which become base64; a text; or JSON */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private record Shown(@JsonUnwrapped PageReport report, Optional<String> contentType, Object data) {}

    /** Carries out a one-shot and sends the answer. The session ends where the client leaves before. */
    public void answer(RoutingContext ctx, OneShotKind kind) {
        OneShot shot = reader.read(ctx, kind);
        HttpServerResponse response = ctx.response();
        if (response.closed()) {
            return; // Nothing would tell that the client has left.
        }
        SessionId id = shot.session().sessionId();
        OneShotRun run = new OneShotRun(ctx.vertx(), client, new VertxScheduler(ctx.vertx()), shot);
        run.made().onSuccess(made -> {
            response.putHeader(SessionRequest.HEADER, id.value());
            SessionRequest.logged(ctx, id);
        });
        response.closeHandler(left -> run.leave());
        Future<Void> sent = isForJson(ctx, kind)
                ? run.run(replies -> PageReport.of(run, replies).map(report -> new Met(report, last(replies))))
                        .compose(met -> sendJson(ctx, run, met))
                : run.run(Future::succeededFuture).compose(replies -> sendPlain(ctx, run, replies));
        sent.onFailure(e -> ctx.fail(explained(e, id, response)));
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
        ArtifactEntry file = file(met.reply());
        return sendJson(
                ctx,
                met,
                Optional.of(file.contentType()),
                file.size() * 4 / 3,
                () -> pieces(run).get(file.objectKey(), 0, (int) file.size()).map(Buffer::getBytes));
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
                        .compose(found -> encoded(
                                ctx,
                                chars,
                                () -> ShownJson.write(new Shown(met.report(), contentType, found), Links.NONE)))
                        .compose(body -> Answers.send(ctx.response(), 200, body).otherwiseEmpty()));
    }

    private Future<Void> sendPlain(RoutingContext ctx, OneShotRun run, List<SessionReply> replies) {
        HttpServerResponse response = ctx.response();
        PageReport.status(replies).ifPresent(status -> response.putHeader(PAGE_STATUS, String.valueOf(status)));
        if (last(replies) instanceof ContentResult read) {
            String text = read.content();
            return Answers.counted(
                    Authentication.user(ctx),
                    text.length(),
                    () -> encoded(ctx, text.length(), () -> Buffer.buffer(text)).compose(body -> {
                        String format = JsonBody.of(ctx).getString("format", "html");
                        ContentDisposition.describe(response, CONTENT_TYPES.get(format), "content." + format);
                        return response.end(body).otherwiseEmpty();
                    }));
        }
        ArtifactEntry file = file(last(replies));
        return new PieceTransfer(PieceTransfer.pieces(pieces(run), file.objectKey(), 0, file.size()), response)
                .send(() -> ContentDisposition.describe(response, file.contentType(), name(file))
                        .putHeader("Content-Length", String.valueOf(file.size())));
    }

    private static Future<Buffer> encoded(RoutingContext ctx, long chars, Supplier<Buffer> encoding) {
        return chars > MAX_CHARS_HERE
                ? ctx.vertx().executeBlocking(encoding::get, false)
                : Future.succeededFuture(encoding.get());
    }

    private PieceTransfer.Store pieces(OneShotRun run) {
        // A file of a session on another node can be read here once that node has stored it, which it does before the
        // session is over.
        return (key, offset, length) ->
                store.get(key, offset, length).recover(e -> run.over().compose(over -> store.get(key, offset, length)));
    }

    private static SessionReply last(List<SessionReply> replies) {
        return replies.get(replies.size() - 1);
    }

    private static ArtifactEntry file(SessionReply reply) {
        return reply instanceof ScreenshotTaken taken ? taken.artifact() : ((PdfPrinted) reply).artifact();
    }

    private static String name(ArtifactEntry file) {
        return file.objectKey().substring(file.objectKey().lastIndexOf('/') + 1);
    }

    /** The session is over when the client reads of the failure: the error says where its story is. */
    private static Throwable explained(Throwable e, SessionId id, HttpServerResponse response) {
        if (!(e instanceof BerthException known) || !response.headers().contains(SessionRequest.HEADER)) {
            return e;
        }
        String hint = known.hint().map(own -> own + "; ").orElse("") + "GET /api/sessions/" + id
                + "/report shows what the session did";
        return new BerthException(known.code(), known.getMessage(), hint, known.retrySeconds());
    }
}

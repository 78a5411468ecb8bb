package dev.berth.http.export;

import dev.berth.http.request.Answers;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.routes.SessionView;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.report.MarkdownReport;
import dev.berth.report.SessionReport;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** {@code GET …/report}: what happened in a session. For any event loop. */
public final class ReportRoute {
    private final SessionAccess access;
    private final ReportReader reader;
    private final SessionLinks links;
    private final CountLimit<Long> writing = new CountLimit<>(
            2, "2 reports are already being written for you, or for the links of this API key; try again later");

    public ReportRoute(SessionAccess access, ReportReader reader, SessionLinks links) {
        this.access = access;
        this.reader = reader;
        this.links = links;
    }

    public void send(RoutingContext ctx) {
        boolean markdown =
                QueryParameters.of(ctx).text("format").orElse("markdown").equals("markdown");
        writing.during(LinkAccess.holder(ctx), () -> write(ctx, markdown))
                .compose(
                        body -> Answers.counted(LinkAccess.holder(ctx), body.length(), () -> send(ctx, markdown, body)))
                .onFailure(ctx::fail);
    }

    private Future<Buffer> write(RoutingContext ctx, boolean markdown) {
        return access.describe(ctx)
                .compose(session -> reader.read(ctx, session))
                .compose(report -> ctx.vertx()
                        .executeBlocking(
                                () -> markdown ? text(report, links.of(ctx)) : json(report, links.of(ctx)), false));
    }

    private static Buffer text(SessionReport report, Links files) {
        return Buffer.buffer(MarkdownReport.of(report, files));
    }

    private static Buffer json(SessionReport report, Links files) {
        return ShownJson.write(report, files)
                .toJsonObject()
                .put(
                        "session",
                        ShownJson.write(SessionView.bare(report.session()), files)
                                .toJsonObject())
                .toBuffer();
    }

    private static Future<Void> send(RoutingContext ctx, boolean markdown, Buffer body) {
        if (ctx.response().closed()) {
            return Future.succeededFuture();
        }
        SessionId id = SessionAccess.id(ctx);
        ctx.response().putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
        if (!markdown) {
            return Answers.send(ctx.response(), 200, body).otherwiseEmpty();
        }
        return ctx.response()
                .putHeader("Content-Type", "text/markdown; charset=utf-8")
                .putHeader("Content-Disposition", "inline; filename=\"" + id + ".md\"")
                .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(body)
                .otherwiseEmpty();
    }
}

package dev.berth.http.export;

import dev.berth.history.ActionRepository;
import dev.berth.http.request.Answers;
import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.ActionSlice;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.TaskId;
import dev.berth.script.Script;
import dev.berth.script.ScriptFormat;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code GET …/script}: the action log as a program that does the same again. For any event loop. */
public final class ScriptRoute {
    /** Limit for the actions of a script: the log's first ones. */
    private static final int MAX_ACTIONS = 1_000;

    private final SessionAccess access;
    private final ActionRepository actions;
    private final SessionLinks links;
    private final CountLimit<Long> writing = new CountLimit<>(
            2, "2 scripts are already being written for you, or for the links of this API key; try again later");

    public ScriptRoute(SessionAccess access, ActionRepository actions, SessionLinks links) {
        this.access = access;
        this.actions = actions;
        this.links = links;
    }

    public void send(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        ScriptFormat format = query.text("format").flatMap(ScriptFormat::parse).orElse(ScriptFormat.PLAYWRIGHT_JS);
        writing.during(LinkAccess.holder(ctx), () -> write(ctx, format, query.text("taskId")))
                .compose(body -> Answers.counted(LinkAccess.holder(ctx), body.length(), () -> send(ctx, format, body)))
                .onFailure(ctx::fail);
    }

    private Future<Buffer> write(RoutingContext ctx, ScriptFormat format, Optional<String> task) {
        return access.describe(ctx)
                .compose(session -> read(session.sessionId(), task).map(page -> script(ctx, session, page)))
                .compose(script -> ctx.vertx().executeBlocking(() -> Buffer.buffer(script.in(format)), false));
    }

    private Future<ActionSlice> read(SessionId id, Optional<String> task) {
        if (task.isEmpty()) {
            return actions.page(id, 0, MAX_ACTIONS);
        }
        TaskId known =
                TaskId.parse(task.get()).orElseThrow(() -> BerthException.invalid("taskId must be the id of a task"));
        return actions.ofTask(id, known, MAX_ACTIONS).map(page -> {
            if (page.total() == 0) {
                throw new BerthException(
                        ErrorCode.NOT_FOUND, "this session has no actions of the task " + known.value());
            }
            return page;
        });
    }

    private Script script(RoutingContext ctx, SessionDescription session, ActionSlice page) {
        return new Script(
                session.sessionId(),
                links.base(ctx.request()),
                session.options().viewport(),
                page.actions(),
                page.total() - page.actions().size(),
                session.navigations());
    }

    /** Sends the script as a download, which no browser shows: pages have a say in its contents. */
    private static Future<Void> send(RoutingContext ctx, ScriptFormat format, Buffer body) {
        if (ctx.response().closed()) {
            return Future.succeededFuture();
        }
        return ctx.response()
                .putHeader("Content-Type", format.contentType() + "; charset=utf-8")
                .putHeader(
                        "Content-Disposition",
                        "attachment; filename=\"" + SessionAccess.id(ctx) + "." + format.ending() + "\"")
                .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(body)
                .otherwiseEmpty();
    }
}

package dev.berth.http.routes;

import dev.berth.http.request.Answers;
import dev.berth.http.request.LinkAccess;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.KeptBody;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * {@code GET …/network/:offset/body}: the body of a response. The content comes from web pages, so a browser saves it and does not run
 * it under this origin. For any event loop.
 */
public final class BodyRoute {
    private static final Pattern OFFSET = Pattern.compile("\\d{1,15}");
    private static final Pattern TYPE = Pattern.compile("[\\w.+-]{1,100}/[\\w.+-]{1,100}");
    private static final String ANY_TYPE = "application/octet-stream";

    private final ReadableLogs logs;

    public BodyRoute(ReadableLogs logs) {
        this.logs = logs;
    }

    public void send(RoutingContext ctx) {
        String offset = ctx.pathParam("offset");
        if (OFFSET.matcher(offset).matches()) {
            entry(ctx, Long.parseLong(offset))
                    .compose(entry -> body(ctx, entry))
                    .compose(body -> Answers.counted(
                            LinkAccess.holder(ctx), body.content().length(), () -> send(ctx, offset, body)))
                    .onFailure(ctx::fail);
        } else {
            ctx.fail(notFound("the offset of a request must be a number"));
        }
    }

    private Future<NetworkEntry> entry(RoutingContext ctx, long offset) {
        return read(ctx, LogKind.NETWORK, offset, NetworkEntry.class, "the session has no request with this offset");
    }

    private Future<BodyEntry> body(RoutingContext ctx, NetworkEntry entry) {
        return entry.body()
                .flatMap(KeptBody::offset)
                .map(offset -> read(ctx, LogKind.BODIES, offset, BodyEntry.class, "its body is lost"))
                .orElseGet(() -> Future.failedFuture(notFound(why(entry))));
    }

    private static String why(NetworkEntry entry) {
        return entry.body()
                .flatMap(KeptBody::missing)
                .map(missing -> "its body is not kept: " + missing)
                .orElse("its body is not kept: Berth keeps only bodies of text, JSON and the like, in sessions"
                        + " with options.bodies");
    }

    private <T> Future<T> read(RoutingContext ctx, LogKind log, long offset, Class<T> type, String absent) {
        return logs.page(ctx, log, offset, 1)
                .compose(page -> ctx.vertx().executeBlocking(() -> page.byOffset(type), false))
                .compose(found -> found.containsKey(offset)
                        ? Future.succeededFuture(found.get(offset))
                        : Future.failedFuture(notFound(absent)));
    }

    private static BerthException notFound(String why) {
        return new BerthException(ErrorCode.NOT_FOUND, why);
    }

    /** Completes when the client has all of it, or has left. */
    private static Future<Void> send(RoutingContext ctx, String offset, BodyEntry body) {
        if (ctx.response().closed()) {
            return Future.succeededFuture();
        }
        String type = TYPE.matcher(body.mimeType()).matches() ? body.mimeType() : ANY_TYPE;
        return ContentDisposition.describe(ctx.response(), type + "; charset=utf-8", "body-" + offset)
                .putHeader("Cache-Control", "private")
                .end(body.content())
                .otherwiseEmpty();
    }
}

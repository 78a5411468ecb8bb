package dev.berth.http.oneshot;

import dev.berth.artifact.ArtifactStore;
import dev.berth.http.request.Answers;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.SessionRequest;
import dev.berth.http.routes.ContentDisposition;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.loop.VertxScheduler;
import dev.berth.protocol.ActionReply.PdfPrinted;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Carries out one-shots for HTTP clients, and sends what the last step has made. For any event loop. */
public final class OneShotAnswers {
    /** Longer texts are encoded on a worker. */
    private static final int MAX_CHARS_HERE = 1 << 18;

    private final SessionClient client;
    private final ArtifactStore store;

    public OneShotAnswers(SessionClient client, ArtifactStore store) {
        this.client = client;
        this.store = store;
    }

    /**
     * Begins a one-shot, whose session ends where the client leaves before the answer.
     *
     * @param sending runs it, and sends the answer; its failure becomes the response
     */
    public void answer(RoutingContext ctx, OneShot shot, Function<OneShotRun, Future<Void>> sending) {
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
        sending.apply(run).onFailure(e -> ctx.fail(explained(e, id, response)));
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

    /** Sends a text, which a page may have chosen, as a file of this type and name. */
    public static Future<Void> sendText(RoutingContext ctx, String text, String contentType, String name) {
        return Answers.counted(
                Authentication.user(ctx),
                text.length(),
                () -> encoded(ctx, text.length(), () -> Buffer.buffer(text)).compose(body -> {
                    ContentDisposition.describe(ctx.response(), contentType, name);
                    return ctx.response().end(body).otherwiseEmpty();
                }));
    }

    /** Sends the screenshot or PDF of a reply. */
    public Future<Void> sendFile(RoutingContext ctx, OneShotRun run, SessionReply reply) {
        ArtifactEntry file = file(reply);
        return new PieceTransfer(PieceTransfer.pieces(pieces(run), file.objectKey(), 0, file.size()), ctx.response())
                .send(() -> ContentDisposition.describe(ctx.response(), file.contentType(), name(file))
                        .putHeader("Content-Length", String.valueOf(file.size())));
    }

    /** The screenshot or PDF of a reply, whole. */
    public Future<byte[]> read(OneShotRun run, SessionReply reply) {
        ArtifactEntry file = file(reply);
        return pieces(run).get(file.objectKey(), 0, (int) file.size()).map(Buffer::getBytes);
    }

    private PieceTransfer.Store pieces(OneShotRun run) {
        // A file of a session on another node can be read here once that node has stored it, which it does before the
        // session is over.
        return (key, offset, length) ->
                store.get(key, offset, length).recover(e -> run.over().compose(over -> store.get(key, offset, length)));
    }

    /** @param chars the approximate length */
    static Future<Buffer> encoded(RoutingContext ctx, long chars, Supplier<Buffer> encoding) {
        return chars > MAX_CHARS_HERE
                ? ctx.vertx().executeBlocking(encoding::get, false)
                : Future.succeededFuture(encoding.get());
    }

    /** The reply to the step that makes the answer. */
    public static SessionReply last(List<SessionReply> replies) {
        return replies.get(replies.size() - 1);
    }

    /** The screenshot or PDF that a reply tells of. */
    public static ArtifactEntry file(SessionReply reply) {
        return reply instanceof ScreenshotTaken taken ? taken.artifact() : ((PdfPrinted) reply).artifact();
    }

    private static String name(ArtifactEntry file) {
        return file.objectKey().substring(file.objectKey().lastIndexOf('/') + 1);
    }
}

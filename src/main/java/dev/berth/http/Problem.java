package dev.berth.http;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become HTTP answers. */
final class Problem {
    private static final Logger log = LoggerFactory.getLogger(Problem.class);

    private Problem() {}

    /** Answers a failed request. Nothing of the server's inside is told. */
    static void answer(RoutingContext ctx) {
        answer(ctx, toBerth(ctx));
    }

    static void answer(RoutingContext ctx, BerthException problem) {
        if (ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        if (ctx.response().headWritten()) {
            ctx.response().reset();
            return;
        }
        ErrorCode code = problem.code();
        if (code == ErrorCode.CAPACITY || code == ErrorCode.LIMIT_REACHED || code == ErrorCode.NOT_READY) {
            ctx.response().putHeader("Retry-After", "1");
        }
        if (code == ErrorCode.UNAUTHENTICATED) {
            ctx.response().putHeader("WWW-Authenticate", "Bearer");
        }
        send(ctx.response(), problem, RequestIds.of(ctx));
    }

    /** Refuses a request that no router can read. */
    static void refuseMalformedUrl(HttpServerRequest request) {
        String id = UUID.randomUUID().toString();
        request.response().putHeader(RequestIds.HEADER, id);
        send(
                request.response(),
                Validation.invalid("the URL is malformed: '%' must be followed by two hex digits"),
                id);
    }

    private static void send(HttpServerResponse response, BerthException problem, String requestId) {
        ErrorCode code = problem.code();
        JsonObject error = new JsonObject()
                .put("code", code.wireName())
                .put("message", problem.getMessage())
                .put("hint", hint(code))
                .put("retryable", code.retryable())
                .put("requestId", requestId);
        response.setStatusCode(status(code))
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("error", error).toBuffer());
    }

    private static BerthException toBerth(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        if (failure instanceof BerthException known) {
            return known;
        }
        if (failure instanceof HttpException http && http.getCause() != null) {
            return Validation.explain(http.getCause());
        }
        return switch (ctx.statusCode()) {
            case 400 -> new BerthException(ErrorCode.INVALID_ARGUMENT, "the request is malformed");
            case 404 -> new BerthException(ErrorCode.NOT_FOUND, "there is nothing at " + ctx.normalizedPath());
            case 405 ->
                new BerthException(ErrorCode.METHOD_NOT_ALLOWED, ctx.request().method() + " is not possible here");
            case 413 -> new BerthException(ErrorCode.PAYLOAD_TOO_LARGE, "the body is larger than the server takes");
            case 415 ->
                new BerthException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON: Content-Type: application/json");
            default -> unexpected(ctx, failure);
        };
    }

    private static BerthException unexpected(RoutingContext ctx, Throwable failure) {
        log.error("{} {} {} failed", RequestIds.of(ctx), ctx.request().method(), ctx.normalizedPath(), failure);
        return new BerthException(ErrorCode.INTERNAL, "the server failed; its log tells more under this requestId");
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case SESSION_NOT_FOUND, NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case SESSION_NOT_RUNNING, CONFLICT -> 409;
            case SESSION_ENDED -> 410;
            case PAYLOAD_TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case ACTION_FAILED, AI_NOT_CONFIGURED -> 422;
            case LIMIT_REACHED -> 429;
            case INTERNAL -> 500;
            case UPSTREAM -> 502;
            case CAPACITY, NOT_READY -> 503;
            case TIMEOUT -> 504;
        };
    }

    private static String hint(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "send 'Authorization: Bearer <key>' or 'X-API-Key: <key>'";
            case SESSION_NOT_FOUND -> "GET /api/sessions?includeTerminated=true lists your sessions";
            case SESSION_ENDED -> "its logs and artifacts can still be read; create a new session to go on";
            case SESSION_NOT_RUNNING -> "POST /api/sessions?wait=running answers when the session runs";
            case INVALID_ARGUMENT, NOT_FOUND, METHOD_NOT_ALLOWED -> "the contract is at /openapi.yaml";
            case AI_NOT_CONFIGURED -> "to open a page, give its URL, such as https://example.com";
            case CAPACITY, LIMIT_REACHED -> "end sessions that are no longer needed, or try again later";
            case CONFLICT -> "use a new Idempotency-Key for a new request";
            case TIMEOUT -> "give a larger timeout, or wait for less";
            default -> null;
        };
    }
}

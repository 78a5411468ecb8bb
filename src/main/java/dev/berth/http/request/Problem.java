package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Turns failures into HTTP responses: the one place that does. */
public final class Problem {
    private static final Logger log = LoggerFactory.getLogger(Problem.class);

    private static final int MAX_REASON_CHARS = 200;

    private Problem() {}

    /** The body of an error, for clients of an API that has a form of its own. */
    public interface Form {
        Buffer body(int status, BerthException problem);

        default String contentType() {
            return "application/json";
        }

        /** The scheme by which a client without a key is asked for one. */
        default String challenge() {
            return "Bearer";
        }
    }

    /** The same as {@link #answer(RoutingContext)} in another form. */
    public static void answer(RoutingContext ctx, Form form) {
        answer(ctx, toBerth(ctx), form);
    }

    /** Responds to a failed request. Tells nothing about the inside of the server. */
    public static void answer(RoutingContext ctx) {
        answer(ctx, toBerth(ctx));
    }

    public static void answer(RoutingContext ctx, BerthException problem) {
        answer(ctx, problem, own(ctx.response()));
    }

    private static void answer(RoutingContext ctx, BerthException problem, Form form) {
        if (ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        if (ctx.response().headWritten()) {
            ctx.response().reset();
            return;
        }
        send(ctx.response(), problem, form);
    }

    /** Refuses a request before the router has seen it. */
    public static Future<Void> refuse(HttpServerRequest request, BerthException problem) {
        return send(request.response(), problem, own(request.response()));
    }

    /**
     * Refuses a request and closes its connection, which the client wants to use for something other than requests. Leaves a connection
     * of HTTP/2 open: HTTP/2 knows no such use, and other requests are under way on it.
     */
    public static void refuseAndClose(HttpServerRequest request, BerthException problem) {
        refuseAndClose(request, problem, own(request.response()));
    }

    /** The same in another form. */
    public static void refuseAndClose(HttpServerRequest request, BerthException problem, Form form) {
        if (request.version() == HttpVersion.HTTP_2) {
            send(request.response(), problem, form);
            return;
        }
        request.response().putHeader("Connection", "close");
        send(request.response(), problem, form)
                .onComplete(sent -> request.connection().close());
    }

    private static Future<Void> send(HttpServerResponse response, BerthException problem, Form form) {
        ErrorCode code = problem.code();
        if (status(code) == 503 || code == ErrorCode.LIMIT_REACHED) {
            response.putHeader("Retry-After", String.valueOf(Math.max(1, problem.retrySeconds())));
        }
        if (code == ErrorCode.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", form.challenge());
        }
        return send(response, status(code), problem, form);
    }

    /** Refuses a request whose URL the router can't decode. */
    public static void refuseMalformedUrl(HttpServerRequest request) {
        send(
                request.response(),
                400,
                Validation.invalid("the URL is malformed: '%' must be followed by two hex digits"));
    }

    /** Refuses what is not a request. Nothing after it can be read, so the connection closes with the response. */
    public static void refuseInvalid(HttpServerRequest request) {
        Throwable why = request.decoderResult().cause();
        if (why instanceof TooLongHttpLineException) {
            refuseAndClose(request, 414, "the URL is too long");
        } else if (why instanceof TooLongHttpHeaderException) {
            refuseAndClose(request, 431, "the headers are too long");
        } else {
            String what = Truncation.cut(String.valueOf(why.getMessage()), MAX_REASON_CHARS);
            refuseAndClose(request, 400, "the request is not well-formed HTTP: " + what);
        }
    }

    private static void refuseAndClose(HttpServerRequest request, int status, String why) {
        request.response().putHeader("Connection", "close");
        send(request.response(), status, Validation.invalid(why))
                .onComplete(sent -> request.connection().close());
    }

    private static Future<Void> send(HttpServerResponse response, int status, BerthException problem) {
        return send(response, status, problem, own(response));
    }

    private static Future<Void> send(HttpServerResponse response, int status, BerthException problem, Form form) {
        // A request that the router has not matched has no id yet.
        if (!response.headers().contains(RequestIds.HEADER)) {
            response.putHeader(RequestIds.HEADER, UUID.randomUUID().toString());
        }
        return Answers.typed(response, form.contentType()).setStatusCode(status).end(form.body(status, problem));
    }

    private static Form own(HttpServerResponse response) {
        return (status, problem) ->
                new JsonObject().put("error", error(response, problem)).toBuffer();
    }

    private static JsonObject error(HttpServerResponse response, BerthException problem) {
        ErrorCode code = problem.code();
        JsonObject error = new JsonObject()
                .put("code", code.wireName())
                .put("message", problem.getMessage())
                .put("hint", problem.hint().orElse(hint(code)))
                .put("retryable", code.retryable())
                .put("requestId", response.headers().get(RequestIds.HEADER));
        Optional.ofNullable(response.headers().get(SessionRequest.HEADER)).ifPresent(id -> error.put("sessionId", id));
        return error;
    }

    /** A server-sent event: the reason for which a stream of events ends early. It has no id. */
    public static Buffer event(BerthException why) {
        JsonObject data = new JsonObject()
                .put("code", why.code().wireName())
                .put("message", why.getMessage())
                .put("retryable", why.code().retryable());
        return Buffer.buffer("event: error\ndata: " + data.encode() + "\n\n");
    }

    private static BerthException toBerth(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        if (failure instanceof BerthException known) {
            return known;
        }
        return switch (ctx.statusCode()) {
            case 400 -> new BerthException(ErrorCode.INVALID_ARGUMENT, "the request is malformed");
            case 404 ->
                new BerthException(
                        ErrorCode.NOT_FOUND,
                        "nothing exists at " + ctx.normalizedPath(),
                        "API paths begin with /api, as in GET /api/sessions; /openapi.yaml lists them all");
            case 405 ->
                new BerthException(ErrorCode.METHOD_NOT_ALLOWED, ctx.request().method() + " is not allowed here");
            case 413 ->
                new BerthException(ErrorCode.PAYLOAD_TOO_LARGE, "the body exceeds the size limit of the server");
            case 415 ->
                new BerthException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON: Content-Type: application/json");
            default -> unexpected(ctx, failure);
        };
    }

    private static BerthException unexpected(RoutingContext ctx, Throwable failure) {
        LoggingEventBuilder line = log.atError().addKeyValue(RequestIds.LOGGED, RequestIds.of(ctx));
        Optional.ofNullable(Authentication.key(ctx))
                .map(key -> Authentication.named(line, key))
                .orElse(line)
                .setCause(failure)
                .log("{} {} failed", ctx.request().method(), ctx.normalizedPath());
        return new BerthException(ErrorCode.INTERNAL, "the server failed; its log has the details for this requestId");
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
            case UPSTREAM, NOT_RECORDED -> 502;
            case CAPACITY, NOT_READY, UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    private static String hint(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "send 'Authorization: Bearer <key>' or 'X-API-Key: <key>'";
            case SESSION_NOT_FOUND -> "GET /api/sessions?includeTerminated=true lists your sessions";
            case SESSION_ENDED -> "you can still read its logs and artifacts; create a new session to continue";
            case SESSION_NOT_RUNNING -> "POST /api/sessions?wait=running answers when the session runs";
            case AI_NOT_CONFIGURED ->
                "set BERTH_AI_MODEL and its key on the server; to open a page, give its URL, such as https://example.com";
            case CAPACITY, LIMIT_REACHED -> "end sessions that are no longer needed, or try again later";
            case UNAVAILABLE -> "try again; /health/ready says what the server is waiting for";
            case NOT_RECORDED -> "the action was done: do not repeat it";
            case TIMEOUT -> "give a larger timeout, or wait for less";
            case ACTION_FAILED -> "POST …/screenshot and GET …/console show the state of the page";
            default -> null;
        };
    }
}

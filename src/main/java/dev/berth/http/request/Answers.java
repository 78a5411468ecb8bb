package dev.berth.http.request;

import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends the responses of routes. */
public final class Answers {
    /** Larger values are encoded on a worker: they would block the event loop for several milliseconds. */
    private static final long MAX_CHARS_HERE = 1 << 18;
    /** Larger responses are not compressed, since compression runs on the event loop. */
    private static final int MAX_COMPRESSED_BYTES = 1 << 20;

    /** The characters, and two copies of the encoded bytes. */
    private static final int BYTES_A_CHAR = 3;

    /** Takes the answers to requests that need no key. */
    private static final long NOBODY = 0;

    private static final long MIN_COUNTED_BYTES = 1 << 20;

    /**
     * For large responses that clients have not received yet: an eighth of the heap, and of that a half for one user, but room for an
     * accessibility snapshot of 32 MiB.
     */
    static final MemoryBudget MEMORY =
            budget(Math.max(192L << 20, Runtime.getRuntime().maxMemory() / 8));

    private static MemoryBudget budget(long bytes) {
        return new MemoryBudget(bytes, bytes / 2);
    }

    private Answers() {}

    /** The response of a route that has nothing else to tell. */
    public record Success(boolean success) {}

    /** A response that may be large, and writes its own JSON. */
    public interface Bulky {
        /** The approximate length of its JSON. */
        long chars();

        Buffer json(Links links);
    }

    /** A handler that responds with 200 and the JSON form of the value of {@code route}. */
    public static <T> Handler<RoutingContext> json(Function<RoutingContext, Future<T>> route) {
        return json(200, route);
    }

    /** The same with another status. */
    public static <T> Handler<RoutingContext> json(int status, Function<RoutingContext, Future<T>> route) {
        // A value that can't be encoded becomes a failure of the route, so it gets a response too.
        return ctx ->
                call(route, ctx).compose(value -> answer(ctx, status, value)).onFailure(ctx::fail);
    }

    /** A client that left is no failure. */
    private static Future<Void> answer(RoutingContext ctx, int status, Object value) {
        long chars = value instanceof Bulky bulky ? bulky.chars() : 0;
        return counted(
                Authentication.userIfKnown(ctx).orElse(NOBODY),
                chars,
                () -> encode(ctx, value)
                        .compose(body -> send(ctx.response(), status, body).otherwiseEmpty()));
    }

    /**
     * Counts a large response against the budget until the client has received it, or has left.
     *
     * @param user the id of the user to whom it goes
     * @param chars the approximate length
     * @param sending completes when that is so
     */
    public static Future<Void> counted(long user, long chars, Supplier<Future<Void>> sending) {
        long bytes = chars * BYTES_A_CHAR;
        return bytes < MIN_COUNTED_BYTES
                ? sending.get()
                : MEMORY.lend(
                        user,
                        share -> share.tryHold(bytes)
                                ? sending.get()
                                : Future.failedFuture(new BerthException(
                                        ErrorCode.NOT_READY,
                                        "too many large answers are waiting for their clients to receive them")));
    }

    private static Future<Buffer> encode(RoutingContext ctx, Object value) {
        Links links = SessionLinks.offered(ctx);
        return value instanceof Bulky bulky && bulky.chars() > MAX_CHARS_HERE
                ? ctx.vertx().executeBlocking(() -> encode(value, links), false)
                : Future.succeededFuture(encode(value, links));
    }

    /** Responds with what {@code value} gives. A failure of {@code value}, or one that {@code respond} throws, becomes the response as well. */
    public static <T> void respond(RoutingContext ctx, Future<T> value, Consumer<T> respond) {
        value.<Void>map(given -> {
                    respond.accept(given);
                    return null;
                })
                .onFailure(ctx::fail);
    }

    /** Turns an exception that {@code route} throws into a failed future. */
    public static <T> Future<T> call(Function<RoutingContext, Future<T>> route, RoutingContext ctx) {
        try {
            return route.apply(ctx);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    public static void send(RoutingContext ctx, int status, Object value) {
        send(ctx.response(), status, value);
    }

    /** Completes when the response is written, or the client has left. */
    public static Future<Void> send(HttpServerResponse response, int status, Object value) {
        if (response.ended() || response.closed()) {
            return Future.succeededFuture(); // the client left
        }
        Buffer body = encode(value);
        if (body.length() > MAX_COMPRESSED_BYTES) {
            response.putHeader("Content-Encoding", "identity");
        }
        return asJson(response).setStatusCode(status).end(body);
    }

    private static HttpServerResponse asJson(HttpServerResponse response) {
        return typed(response, "application/json");
    }

    /** Says what a response is, so that no browser takes text of web pages in the response for a page. */
    static HttpServerResponse typed(HttpServerResponse response, String contentType) {
        return response.putHeader("Content-Type", contentType).putHeader("X-Content-Type-Options", "nosniff");
    }

    /** The JSON of a value without links to artifacts. */
    public static Buffer encode(Object value) {
        return encode(value, Links.NONE);
    }

    private static Buffer encode(Object value, Links links) {
        if (value instanceof Buffer ready) {
            return ready;
        }
        return value instanceof Bulky bulky ? bulky.json(links) : ShownJson.write(value, links);
    }
}

package dev.berth.http.request;

import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;

/** Receives the body of a request: what is said to be JSON, or a zip where one is expected, within the size limit. */
public final class BodyReceiver implements Handler<RoutingContext> {
    private static final String BODY = "berth.body";
    private static final String JSON = "application/json";
    private static final ExpectedBody JSON_TEXT = new ExpectedBody(
            Set.of(JSON, JSON + ";charset=utf-8", JSON + ";charset=\"utf-8\""),
            "the body must be JSON in UTF-8: Content-Type: application/json");
    private static final ExpectedBody ZIP = new ExpectedBody(
            Set.of("application/zip", "application/octet-stream"),
            "the body must be a zip: Content-Type: application/zip");

    private static final Set<HttpMethod> BODILESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);

    /** The most that bodies have, but for uploads. */
    public static final int USUAL_MAX_BYTES = 1 << 20;

    /** Bodies with more bytes are large. The number of connections bounds the small ones, but not those of HTTP/2. */
    private static final int LARGE_BYTES = 16 << 10;

    private final ExpectedBody expected;
    private final int maxBytes;
    private final MemoryBudget budget;

    /** @param otherwise the error for bodies of other types */
    private record ExpectedBody(Set<String> types, String otherwise) {
        boolean isGiven(String type) {
            return type != null && types.contains(type.replaceAll("[ \\t]", "").toLowerCase(Locale.ROOT));
        }

        BerthException refusal() {
            return new BerthException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, otherwise);
        }
    }

    /** @param budget for large bodies, from their receipt to their response */
    public BodyReceiver(int maxBytes, MemoryBudget budget) {
        this(JSON_TEXT, maxBytes, budget);
    }

    /** The same for bodies that are zips. */
    public static BodyReceiver ofZips(int maxBytes, MemoryBudget budget) {
        return new BodyReceiver(ZIP, maxBytes, budget);
    }

    private BodyReceiver(ExpectedBody expected, int maxBytes, MemoryBudget budget) {
        this.expected = expected;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** The body that was received. */
    public static Buffer of(RoutingContext ctx) {
        return ctx.get(BODY, Buffer.buffer());
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        long declared = declaredBytes(request);
        if (declared == 0) {
            ctx.next();
            return;
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (!expected.isGiven(type) && (type != null || declared > 0)) {
            ctx.fail(expected.refusal());
        } else if (declared > maxBytes) {
            ctx.fail(tooLarge());
        } else {
            receive(ctx, declared < 0 ? maxBytes : declared);
        }
    }

    /** The declared length of a request's body: 0 where there is no body, -1 where the length is not declared. */
    public static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return Long.parseLong(length); // the decoder has validated it
        }
        boolean unknown = request.version() == HttpVersion.HTTP_2
                ? !BODILESS.contains(request.method()) // which need not declare anything
                : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        return unknown ? -1 : 0;
    }

    private BerthException tooLarge() {
        return new BerthException(
                ErrorCode.PAYLOAD_TOO_LARGE, "the body has more than the " + maxBytes + " bytes allowed here");
    }

    private void receive(RoutingContext ctx, long most) {
        HttpServerRequest request = ctx.request();
        if (request.response().closed()) {
            return; // The client left while its key was looked up: nothing would tell of the end, which frees the
            // memory.
        }
        MemoryBudget.Share share = budget.share(Authentication.userIfKnown(ctx));
        boolean counted = most > LARGE_BYTES || request.version() == HttpVersion.HTTP_2;
        if (counted && !share.tryHold(most)) {
            ctx.fail(new BerthException(ErrorCode.NOT_READY, "too many large requests are in progress; try again"));
            return;
        }
        ctx.addEndHandler(ended -> share.hold(0));
        Buffer body = Buffer.buffer();
        // A client that leaves does not concern the operator: no log entry.
        request.exceptionHandler(e -> fail(ctx, Validation.invalid("the body is incomplete: " + e.getMessage())));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > most) {
                fail(ctx, tooLarge());
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            if (!ctx.failed()) {
                share.hold(counted ? body.length() : 0);
                received(ctx, body);
            }
        });
    }

    /** Fails the request once. Bytes that the client still sends are read and dropped. */
    private static void fail(RoutingContext ctx, BerthException why) {
        if (!ctx.failed()) {
            ctx.request().handler(null);
            ctx.fail(why);
        }
    }

    private void received(RoutingContext ctx, Buffer body) {
        if (body.length() > 0 && !expected.isGiven(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            ctx.fail(expected.refusal());
        } else {
            ctx.put(BODY, body);
            ctx.next();
        }
    }
}

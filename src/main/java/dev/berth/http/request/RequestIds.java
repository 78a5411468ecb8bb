package dev.berth.http.request;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Gives every request an id: the client's {@code X-Request-Id} where it is well formed, else a new one. For any thread. */
public final class RequestIds implements PlatformHandler {
    public static final String HEADER = "X-Request-Id";
    /** The id's name in the log. */
    public static final String LOGGED = "requestId";

    private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    /** A random id for each request would be the most expensive part of many. */
    private final String prefix = UUID.randomUUID().toString().substring(0, 18) + "-";

    private final AtomicLong last = new AtomicLong();

    private String next() {
        return prefix + last.incrementAndGet();
    }

    public static String of(RoutingContext ctx) {
        return ctx.response().headers().get(HEADER);
    }

    /** The client's id for the request, or a new one. */
    public String of(HttpServerRequest request) {
        String given = request.getHeader(HEADER);
        return given != null && SOUND.matcher(given).matches() ? given : next();
    }

    @Override
    public void handle(RoutingContext ctx) {
        ctx.response().putHeader(HEADER, of(ctx.request()));
        ctx.next();
    }
}

package dev.berth.http.routes;

import dev.berth.http.request.Body;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.Cookie;
import dev.berth.protocol.PageAction.ReadCookies;
import dev.berth.protocol.PageAction.SetCookies;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** The cookies of a session's browser, in and out. */
public final class CookieRoutes {
    private static final long READ_TIMEOUT_MILLIS = 30_000;

    private final SessionAccess access;

    public CookieRoutes(SessionAccess access) {
        this.access = access;
    }

    /** A cookie as clients see it. */
    record CookieView(
            String name,
            String value,
            Optional<String> domain,
            Optional<String> path,
            Optional<Double> expires,
            boolean httpOnly,
            boolean secure,
            Optional<String> sameSite) {
        private static CookieView of(Cookie c) {
            return new CookieView(
                    c.name(), c.value(), c.domain(), c.path(), c.expires(), c.httpOnly(), c.secure(), c.sameSite());
        }
    }

    /** All cookies. */
    public record Jar(boolean success, List<CookieView> cookies) {
        private static Jar of(List<Cookie> cookies) {
            return new Jar(true, cookies.stream().map(CookieView::of).toList());
        }
    }

    public Future<Jar> read(RoutingContext ctx) {
        return access.act(ctx, new ReadCookies(READ_TIMEOUT_MILLIS)).map(list -> Jar.of(list.cookies()));
    }

    public Future<Jar> set(RoutingContext ctx) {
        Body body = Body.of(ctx);
        List<Cookie> cookies = body.json().getJsonArray("cookies").stream()
                .map(each -> cookie((JsonObject) each))
                .toList();
        return access.act(ctx, new SetCookies(cookies, body.timeoutMillis())).map(list -> Jar.of(list.cookies()));
    }

    private static Cookie cookie(JsonObject json) {
        return new Cookie(
                json.getString("name"),
                json.getString("value"),
                Optional.ofNullable(json.getString("domain")),
                Optional.ofNullable(json.getString("url")),
                Optional.ofNullable(json.getString("path")),
                Optional.ofNullable(json.getDouble("expires")),
                json.getBoolean("httpOnly", false),
                json.getBoolean("secure", false),
                Optional.ofNullable(json.getString("sameSite")));
    }
}

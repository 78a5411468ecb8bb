package dev.berth.http.webdriver;

import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.DriverProblem;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.KeyInUrl;
import dev.berth.http.request.Problem;
import dev.berth.http.request.Reading;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The paths of WebDriver, each below {@code /wd/hub}, too. */
public record WebDriverPaths(WebDriverApi api) {
    private static final List<String> PREFIXES = List.of("", "/wd/hub");
    /** The operation of the contract whose rights hold here. */
    private static final String ACTS = "createSession";

    /** Errors of a command, and those of a new session, for which WebDriver has one code. */
    private static final Problem.Form OF_COMMAND = new DriverProblem(false);

    private static final Problem.Form OF_NEW_SESSION = new DriverProblem(true);

    /**
     * Mounts the paths.
     *
     * @param origins refuses pages of other sites: browsers remember the password of Basic authentication
     * @param keys requires an API key
     * @param tokens requires the token of a session's id, or an API key
     * @param body receives JSON
     */
    public void mount(
            Router router,
            Handler<RoutingContext> origins,
            Handler<RoutingContext> keys,
            DriverTokens tokens,
            Handler<RoutingContext> body) {
        for (String prefix : PREFIXES) {
            router.get(prefix + "/status")
                    .failureHandler(ctx -> Problem.answer(ctx, OF_COMMAND))
                    .handler(api::status);
            List.of(prefix + "/session", prefix + "/session/").forEach(path -> {
                guarded(router, path, OF_NEW_SESSION, origins, keys, body);
                route(router, path, OF_NEW_SESSION).handler(new JsonBody()).handler(WebDriverPaths::requirePost);
                route(router, path, OF_NEW_SESSION).handler(api::create);
            });
            List.of("", "/*").forEach(rest -> {
                String path = prefix + "/session/:" + DriverTokens.PARAMETER + rest;
                guarded(router, path, OF_COMMAND, origins, tokens, body);
                route(router, path, OF_COMMAND).handler(api::command);
            });
        }
    }

    private static void guarded(
            Router router,
            String path,
            Problem.Form form,
            Handler<RoutingContext> origins,
            Handler<RoutingContext> keys,
            Handler<RoutingContext> body) {
        // A route of its own: Vert.x Web wants the handler of keys to be the first of its route.
        route(router, path, form).handler(origins).handler(KeyInUrl::bring);
        route(router, path, form)
                .handler(keys)
                .handler(new Reading(ACTS))
                .handler(WebDriverPaths::requireJson)
                .handler(body)
                .handler(RoutingContext::next);
    }

    private static Route route(Router router, String path, Problem.Form form) {
        return router.route(path).failureHandler(ctx -> Problem.answer(ctx, form));
    }

    /** A page of another site can post a form or a text, but no JSON. */
    private static void requireJson(RoutingContext ctx) {
        boolean post = ctx.request().method().equals(HttpMethod.POST);
        if (post && BodyReceiver.declaredBytes(ctx.request()) == 0) {
            ctx.fail(BerthException.invalid("the body must be a JSON object, such as {}"));
        } else {
            ctx.next();
        }
    }

    private static void requirePost(RoutingContext ctx) {
        if (ctx.request().method().equals(HttpMethod.POST)) {
            ctx.next();
        } else {
            ctx.fail(new BerthException(
                    ErrorCode.METHOD_NOT_ALLOWED, "POST makes a session; DELETE /session/ID ends one"));
        }
    }
}

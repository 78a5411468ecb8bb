package dev.berth.http.browserless;

import dev.berth.http.request.Answers;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.KeyInUrl;
import dev.berth.http.request.Problem;
import dev.berth.http.request.Reading;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The paths of Browserless's HTTP API. Its sockets come before the router, and have {@link Launch} in common with these. */
public record Browserless(ShotsApi shots, LiveApi live) {
    /** The API is there for each browser of the other server, and Berth has one. */
    private static final List<String> BROWSERS = List.of("", "/chromium", "/chrome");

    /** Operations of the contract whose rights hold here: for keys of viewers, too, and for keys that act. */
    private static final String READS = "listSessions";

    private static final String ACTS = "createSession";

    /** Errors are plain text there. */
    private static final Problem.Form TEXT = new Problem.Form() {
        @Override
        public Buffer body(int status, BerthException problem) {
            String hint = problem.hint().map(text -> "; " + text).orElse("");
            return Buffer.buffer(problem.getMessage() + hint);
        }

        @Override
        public String contentType() {
            return "text/plain; charset=utf-8";
        }
    };

    /**
     * Mounts the paths.
     *
     * @param origins refuses pages of other sites, which a browser that remembers a key would let in
     * @param keys requires an API key
     * @param body receives JSON
     */
    public void mount(
            Router router,
            Handler<RoutingContext> origins,
            Handler<RoutingContext> keys,
            Handler<RoutingContext> body) {
        Routes routes = new Routes(router, origins, keys, body);
        for (String browser : BROWSERS) {
            routes.add(HttpMethod.POST, browser + "/screenshot", ACTS, shots::screenshot);
            routes.add(HttpMethod.POST, browser + "/pdf", ACTS, shots::pdf);
            routes.add(HttpMethod.POST, browser + "/content", ACTS, shots::content);
            routes.add(HttpMethod.POST, browser + "/scrape", ACTS, shots::scrape);
        }
        routes.add(HttpMethod.GET, "/sessions", READS, Answers.json(live::sessions));
        routes.add(HttpMethod.GET, "/pressure", READS, live::pressure);
        answeringInText(router.routeWithRegex(AbsentPaths.PATHS))
                .handler(ctx -> ctx.fail(AbsentPaths.of(ctx.normalizedPath())));
    }

    private static Route answeringInText(Route route) {
        return route.failureHandler(ctx -> Problem.answer(ctx, TEXT));
    }

    private record Routes(
            Router router,
            Handler<RoutingContext> origins,
            Handler<RoutingContext> keys,
            Handler<RoutingContext> body) {
        void add(HttpMethod method, String path, String rights, Handler<RoutingContext> handler) {
            // A route of its own: Vert.x Web wants the handler of keys to be the first of its route.
            route(method, path).handler(origins).handler(KeyInUrl::bring);
            route(method, path)
                    .handler(keys)
                    .handler(new Reading(rights))
                    .handler(body)
                    .handler(new JsonBody())
                    .handler(handler);
            answeringInText(router.route(path)).handler(ctx -> {
                ctx.response().putHeader("Allow", method.name());
                ctx.fail(new BerthException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        ctx.request().method() + " is not allowed here",
                        "use " + method));
            });
        }

        private Route route(HttpMethod method, String path) {
            return answeringInText(router.route(method, path));
        }
    }
}

package dev.berth.http.browserbase;

import dev.berth.http.export.FilesZipRoute;
import dev.berth.http.request.Answers;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.Problem;
import dev.berth.http.request.Reading;
import dev.berth.http.routes.FileRoutes;
import dev.berth.protocol.BerthException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The paths of Browserbase's API. A client reads and changes the sessions of its own user only, whatever its key may do elsewhere.
 *
 * @param filesZip answers with all files of a session
 */
public record Browserbase(
        SessionsApi sessions, LogsApi logs, UploadsApi uploads, ContextsApi contexts, FilesZipRoute filesZip) {
    private static final String ALL = "/v1/*";
    private static final String SESSIONS = "/v1/sessions";
    private static final String SESSION = SESSIONS + "/:sessionId";
    private static final String CONTEXT = "/v1/contexts/:contextId";

    /** Operations of the contract whose rights hold here: for keys of viewers, too, and for keys that act. */
    private static final String READS = "listSessions";

    private static final String ACTS = "createSession";

    /**
     * Mounts the paths.
     *
     * @param origins refuses pages of other sites
     * @param keys requires an API key
     * @param body receives JSON
     */
    public void mount(
            Router router,
            Handler<RoutingContext> origins,
            Handler<RoutingContext> keys,
            Handler<RoutingContext> body) {
        router.route(ALL).failureHandler(ctx -> Problem.answer(ctx, Browserbase::error));
        router.route(ALL).handler(origins);
        router.route(ALL).handler(keys);
        router.post(SESSION + "/uploads")
                .handler(new Reading(ACTS))
                .handler(FileRoutes::holdBody)
                .handler(Answers.json(uploads::create));
        Routes routes = new Routes(router, body);
        routes.add(HttpMethod.POST, SESSIONS, ACTS, Answers.json(201, sessions::create));
        routes.add(HttpMethod.GET, SESSIONS, READS, Answers.json(sessions::list));
        routes.add(HttpMethod.GET, SESSION, READS, Answers.json(sessions::retrieve));
        routes.add(HttpMethod.POST, SESSION, ACTS, Answers.json(sessions::update));
        routes.add(HttpMethod.GET, SESSION + "/debug", READS, Answers.json(sessions::debug));
        routes.add(HttpMethod.GET, SESSION + "/logs", READS, Answers.json(logs::list));
        routes.add(HttpMethod.GET, SESSION + "/downloads", READS, filesZip::send);
        routes.add(HttpMethod.POST, "/v1/contexts", ACTS, Answers.json(201, contexts::create));
        routes.add(HttpMethod.GET, CONTEXT, ACTS, Answers.json(contexts::retrieve));
        routes.add(HttpMethod.DELETE, CONTEXT, ACTS, contexts::delete);
        router.route(ALL).handler(Refusals::refuse);
    }

    private record Routes(Router router, Handler<RoutingContext> body) {
        void add(HttpMethod method, String path, String rights, Handler<RoutingContext> handler) {
            router.route(method, path)
                    .handler(new Reading(rights))
                    .handler(body)
                    .handler(new JsonBody())
                    .handler(handler);
        }
    }

    private static Buffer error(int status, BerthException problem) {
        return new JsonObject()
                .put("statusCode", status)
                .put("error", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put(
                        "message",
                        problem.getMessage()
                                + problem.hint().map(hint -> "; " + hint).orElse(""))
                .toBuffer();
    }
}

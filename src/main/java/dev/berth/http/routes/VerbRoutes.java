package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.http.request.Answers;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.verbs.Arguments;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verb.Asked;
import dev.berth.verbs.VerbResult;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.Map;
import java.util.Optional;

/** Browser control: each verb of the catalogue is one operation of the contract. */
public final class VerbRoutes {
    private static final String SESSION = "/api/sessions/{sessionId}/";

    /** Cookies and pages are resources, and recordings a group. All other verbs: POST to their names. */
    private static final Map<String, Place> PLACES = Map.of(
            "cookies", new Place(HttpMethod.GET, SESSION + "cookies"),
            "set-cookies", new Place(HttpMethod.PUT, SESSION + "cookies"),
            "open-page", new Place(HttpMethod.POST, SESSION + "pages"),
            "activate-page", new Place(HttpMethod.POST, SESSION + "pages/{pageId}/activate"),
            "close-page", new Place(HttpMethod.DELETE, SESSION + "pages/{pageId}"),
            "start-recording", new Place(HttpMethod.POST, SESSION + "recording/start"),
            "stop-recording", new Place(HttpMethod.POST, SESSION + "recording/stop"),
            "keep-recording", new Place(HttpMethod.POST, SESSION + "recording/keep"));

    private final SessionAccess access;
    private final SessionLinks links;
    private final Uploads uploads;

    private record Place(HttpMethod method, String path) {
        boolean isOf(Operation operation) {
            return operation.getHttpMethod().equals(method)
                    && operation.getOpenAPIPath().equals(path);
        }
    }

    public VerbRoutes(SessionAccess access, SessionLinks links, Uploads uploads) {
        this.access = access;
        this.links = links;
        this.uploads = uploads;
    }

    /** The operation of the contract for this verb. */
    public static String operationId(OpenAPIContract contract, Verb<?, ?> verb) {
        Place place = PLACES.getOrDefault(verb.name(), new Place(HttpMethod.POST, SESSION + verb.name()));
        return contract.operations().stream()
                .filter(place::isOf)
                .findFirst()
                .map(Operation::getOperationId)
                .orElseThrow(() -> new IllegalStateException("the contract has no verb " + verb.name()));
    }

    /** The result of a verb, which may be large. */
    public record Answer(@JsonValue VerbResult result) implements Answers.Bulky {
        @Override
        public long chars() {
            return result.chars();
        }
    }

    /** Performs the verb with the arguments of the body, and of the path. */
    public Future<Answer> perform(RoutingContext ctx, Verb<?, ?> verb) {
        JsonObject given = JsonBody.of(ctx);
        Optional.ofNullable(ctx.pathParam("pageId")).ifPresent(page -> given.put("pageId", page));
        Arguments arguments = Arguments.of(given);
        return verb == Verbs.UPLOAD ? upload(ctx, arguments) : perform(ctx, verb, arguments);
    }

    private Future<Answer> upload(RoutingContext ctx, Arguments arguments) {
        // Files are decoded and stored only where the session can take them.
        return access.describe(ctx)
                .compose(session -> uploads.store(session, arguments))
                // Once the page has received the files, the session keeps them.
                .compose(files -> Future.succeededFuture(arguments.withStored(files))
                        .compose(stored -> perform(ctx, Verbs.UPLOAD, stored))
                        .onFailure(e -> uploads.discard(files)));
    }

    private <A extends Action<R>, R extends SessionReply> Future<Answer> perform(
            RoutingContext ctx, Verb<A, R> verb, Arguments arguments) {
        Asked<A> asked = verb.read(arguments);
        return access.act(ctx, asked.command(), asked.page())
                .map(reply -> new Answer(verb.result(reply, new FileLinks(links, ctx))));
    }
}

package dev.berth.http.routes;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.GivenFileStore;
import dev.berth.http.request.Answers;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.SnapshotResult;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.ShownJson;
import dev.berth.protocol.ShownJson.Links;
import dev.berth.verbs.UploadArguments;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verb.Asked;
import dev.berth.verbs.Verbs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Browser control: each verb of the catalogue is one operation of the contract. */
public final class VerbRoutes {
    private static final String SESSION = "/api/sessions/{sessionId}/";

    /** Cookies, storage and pages are resources, and recordings a group. All other verbs: POST to their names. */
    private static final Map<String, VerbPath> PLACES = Map.ofEntries(
            Map.entry("cookies", new VerbPath(HttpMethod.GET, SESSION + "cookies")),
            Map.entry("set-cookies", new VerbPath(HttpMethod.PUT, SESSION + "cookies")),
            Map.entry("storage-state", new VerbPath(HttpMethod.GET, SESSION + "storage-state")),
            Map.entry("set-storage-state", new VerbPath(HttpMethod.PUT, SESSION + "storage-state")),
            Map.entry("add-route", new VerbPath(HttpMethod.POST, SESSION + "routes")),
            Map.entry("remove-route", new VerbPath(HttpMethod.DELETE, SESSION + "routes/{routeId}")),
            Map.entry("open-page", new VerbPath(HttpMethod.POST, SESSION + "pages")),
            Map.entry("activate-page", new VerbPath(HttpMethod.POST, SESSION + "pages/{pageId}/activate")),
            Map.entry("close-page", new VerbPath(HttpMethod.DELETE, SESSION + "pages/{pageId}")),
            Map.entry("start-recording", new VerbPath(HttpMethod.POST, SESSION + "recording/start")),
            Map.entry("stop-recording", new VerbPath(HttpMethod.POST, SESSION + "recording/stop")),
            Map.entry("keep-recording", new VerbPath(HttpMethod.POST, SESSION + "recording/keep")));

    private final SessionAccess access;
    private final Vertx vertx;
    private final GivenFileStore given;

    private record VerbPath(HttpMethod method, String path) {
        boolean isOf(Operation operation) {
            return operation.getHttpMethod().equals(method)
                    && operation.getOpenAPIPath().equals(path);
        }
    }

    public VerbRoutes(Vertx vertx, SessionAccess access, ArtifactStore store) {
        this.vertx = vertx;
        this.access = access;
        this.given = new GivenFileStore(store);
    }

    /** The operation of the contract for this verb. */
    public static String operationId(OpenAPIContract contract, Verb<?, ?> verb) {
        VerbPath place = PLACES.getOrDefault(verb.name(), new VerbPath(HttpMethod.POST, SESSION + verb.name()));
        return contract.operations().stream()
                .filter(place::isOf)
                .findFirst()
                .map(Operation::getOperationId)
                .orElseThrow(() -> new IllegalStateException("the contract has no verb " + verb.name()));
    }

    /** The result of a verb, which may be large. */
    public record Answer(SessionReply reply) implements Answers.Bulky {
        @Override
        public long chars() {
            if (reply instanceof EvaluationResult evaluated) {
                return evaluated.json().length();
            } else if (reply instanceof ContentResult read) {
                return read.content().length();
            } else if (reply instanceof SnapshotResult taken) {
                return (long) taken.snapshot().length()
                        + taken.tree().map(String::length).orElse(0);
            }
            return reply instanceof StorageStateRead state ? state.origins().length() : 0;
        }

        @Override
        public Buffer json(Links links) {
            return ShownJson.write(reply, links);
        }
    }

    /** Performs the verb with the arguments of the body, and of the path. */
    public Future<Answer> perform(RoutingContext ctx, Verb<?, ?> verb) {
        JsonObject body = JsonBody.of(ctx);
        QueryParameters.of(ctx).read().forEach(body::put);
        for (String name : List.of("pageId", "routeId")) {
            Optional.ofNullable(ctx.pathParam(name)).ifPresent(id -> body.put(name, id));
        }
        return verb == Verbs.UPLOAD ? upload(ctx, body) : read(verb, body).compose(asked -> perform(ctx, asked));
    }

    private Future<Answer> upload(RoutingContext ctx, JsonObject arguments) {
        // Files are decoded and stored only where the session can take them.
        return access.describe(ctx)
                .compose(session -> store(session, arguments))
                // Once the page has received the files, the session keeps them.
                .compose(files -> vertx.executeBlocking(() -> UploadArguments.read(arguments, files), false)
                        .compose(asked -> perform(ctx, asked))
                        .onFailure(e -> given.discard(files)));
    }

    /** Completes when all files of the arguments are stored. Removes all of them where one fails. */
    private Future<List<UploadedFile>> store(SessionDescription session, JsonObject upload) {
        return switch (session.status()) {
            case RUNNING ->
                vertx.executeBlocking(() -> UploadArguments.files(upload))
                        .compose(files -> given.store(session.sessionId(), files));
            case CREATING ->
                Future.failedFuture(
                        new BerthException(ErrorCode.SESSION_NOT_RUNNING, "the session is still being created"));
            default -> Future.failedFuture(session.absence());
        };
    }

    private <R extends SessionReply> Future<Answer> perform(RoutingContext ctx, Asked<? extends Action<R>> asked) {
        return access.act(ctx, asked.command(), asked.page()).map(Answer::new);
    }

    private <A extends Record & Action<R>, R extends SessionReply> Future<Asked<A>> read(
            Verb<A, R> verb, JsonObject arguments) {
        return verb.hasLargeBody()
                ? vertx.executeBlocking(() -> verb.read(arguments), false)
                : Future.succeededFuture(arguments).map(verb::read);
    }
}
